import type { Holder } from "../../api/locate";
import { dialled } from "../../state/answerText";
import { words } from "../../state/page";

/** A telephone to press: there for whoever the server told it to. */
export function Phone({ of: { name, phone } }: { of: Holder }) {
  if (phone === null) return null;
  const address = dialled(phone);
  if (address === null) return <span class="phone">{phone}</span>;
  return (
    <a class="phone" href={address} aria-label={`${words.value.call} ${name} ${phone}`}>
      {phone}
    </a>
  );
}
