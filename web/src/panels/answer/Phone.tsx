import type { Holder } from "../../api/locate";
import { dialled, messaged } from "../../state/answerText";
import { words } from "../../state/page";
import { isNarrow } from "../../state/screen";

/** A telephone to press, on a telephone also to write to: there for whoever the server told it to. */
export function Phone({ of: { name, phone } }: { of: Holder }) {
  if (phone === null) return null;
  const address = dialled(phone);
  if (address === null) return <span class="phone">{phone}</span>;
  const message = isNarrow ? messaged(phone) : null;
  return (
    <>
      <a class="phone" href={address} aria-label={`${words.value.call} ${name} ${phone}`}>
        {phone}
      </a>
      {message !== null && (
        <a class="phone" href={message} aria-label={`${words.value.message} ${name} ${phone}`}>
          {words.value.message}
        </a>
      )}
    </>
  );
}
