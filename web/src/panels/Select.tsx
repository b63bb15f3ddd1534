type Props<T extends string> = {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  choose?(value: T): void;
  name?: string;
  class?: string;
  disabled?: boolean;
};

/** One of several texts, under its label; `T` are the values they stand for. */
export function Select<T extends string>({ label, options, choose, class: wide, ...select }: Props<T>) {
  return (
    <label {...(wide === undefined ? {} : { class: wide })}>
      <span class="label-text">{label}</span>
      <select {...select} onChange={({ currentTarget: { value } }) => choose?.(value as T)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
