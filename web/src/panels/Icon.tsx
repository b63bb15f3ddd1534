/** Small line drawings on a grid of 20 by 20. */
const SHAPES = {
  search: "M9 4a5 5 0 1 0 0 10a5 5 0 0 0 0-10M12.7 12.7L17 17",
  share: "M8 12l4-4M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
  theme: "M10 3v14a7 7 0 0 0 0-14a7 7 0 0 0 0 14",
  keys: "M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.6v.4",
  play: "M7 5l8 5l-8 5z",
  pause: "M7 5v10M13 5v10",
  locate:
    "M10 17s5-4.6 5-9a5 5 0 0 0-10 0c0 4.400 5 9 5 9M10 6.500a1.700 1.700 0 1 0 0 3.400a1.700 1.700 0 0 0 0-3.400",
  here: "M10 6a4 4 0 1 0 0 8a4 4 0 0 0 0-8M10 2v3M10 15v3M2 10h3M15 10h3",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  whole: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  wall: "M3 4h14v9H3zM7 17h6M10 13v4",
  close: "M5 5l10 10M15 5L5 15",
  down: "M10 4v9M6 9.500l4 4l4-4M4 17h12",
  picture: "M3 4h14v12H3zM3 13l4-4l3 3l2-2l5 5",
  print: "M6 8V3h8v5M6 14H3V8h14v6h-3M6 12h8v5H6z",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12",
  copy: "M7 7h9v9H7zM4 12V4h8",
  into: "M10 4v11M5.500 10.500L10 15l4.500-4.500",
  warn: "M10 3.500l7.500 13h-15zM10 8v4M10 14v.5",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="drawing" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
