/** An answer in words: what the card shows and what is copied are the same. */
import type { Answer, Candidate, ChainLink, Frame, GridName, Holder, Question } from "../api/locate";
import { neighbourPath } from "./neighbour";
import { region, words } from "./page";
import { filled, frameName, gridText, labelled, levelName, metres, named, roleName } from "./text";
import { degrees } from "./url";

/** Numbers as they are pasted elsewhere, and the frame they are in. */
export type FramedPlace = { numbers: string; frame: Frame };

/** The coordinate as it was asked for; and in WGS 84, where that is another. */
export function placesOf({ lon, lat, frame }: Question, { position }: Answer): FramedPlace[] {
  const asked: FramedPlace = { numbers: `${degrees(lon)}, ${degrees(lat)}`, frame };
  if (frame === "wgs84" || frame === "cgcs2000") return [asked];
  return [asked, { numbers: `${degrees(position.lon)}, ${degrees(position.lat)}`, frame: "wgs84" }];
}

/** A grid with the village it lies in: the other side of an edge may be another's. */
export function nameWithin(grid: GridName & { above: readonly GridName[] }): string {
  const { above } = grid;
  const village = above.findLast(({ level }) => level === "village") ?? above.at(1);
  const [own, outer] = [gridText(grid, above), village && gridText(village, [])];
  return !outer || own.startsWith(outer) ? own : `${outer} › ${own}`;
}

/** By which role and right somebody is responsible. */
export function linkRole({ level, role, how, holder }: ChainLink): string {
  const atTop = level === region.value.value?.levels[0]?.code;
  const key = how === "parent" && atTop ? "fallback" : how;
  const known = key === "duty" || key === "deputy" || key === "parent" || key === "fallback";
  const by = known ? filled(words.value[`how_${key}`], { holder: holder.name }) : how;
  return role === null || role === "fallback" ? by : `${roleName(role)} · ${by}`;
}

/** The lowest link that is filled by one's own duty: whom to call. */
export function firstOf({ chain }: Answer): ChainLink | undefined {
  return chain.find((link) => link.how === "duty") ?? chain[0];
}

/** The address that dials a telephone as it was noted: `0941-312 2000 (office)`; `null` where there is no number in it. */
export function dialled(phone: string): string | null {
  const [number] = /\+?\d[\d\s()-]*\d/.exec(phone.normalize("NFKC")) ?? [];
  const digits = number?.replace(/[^\d+]/g, "") ?? "";
  return digits.length >= 3 ? `tel:${digits}` : null;
}

function withPhone({ name, phone }: Holder): string {
  return phone === null ? name : `${name} ${phone}`;
}

/** The address that writes to a mobile telephone; `null` of any other. */
export function messaged(phone: string): string | null {
  const number = dialled(phone)?.slice("tel:".length) ?? "";
  return MOBILE.test(number) ? `sms:${number}` : null;
}

/** Mobile numbers of China's numbering plan. */
const MOBILE = /^(?:\+?86)?1[3-9]\d{9}$/;

/** How far an edge is, and what lies beyond it. */
export function edgeText({ distanceM, neighbour }: NonNullable<Answer["edge"]>): string {
  const distance = metres(distanceM);
  if (!neighbour) return filled(words.value.edgeOuter, { distance });
  const path = neighbourPath.value.value;
  const above = path?.code === neighbour.code ? path.above : [];
  return filled(words.value.edge, { distance, grid: nameWithin({ ...neighbour, above }) });
}

/** Why nobody is named for a place outside. */
export function outsideText(): string {
  const here = region.value.value;
  return filled(words.value.outside, { region: here ? named(here.names) : words.value.wholeRegion });
}

/** The answer as it is pasted into a message. */
export function answerText(question: Question, answer: Answer): string {
  const { grids, chain, certain, candidates, mediators } = answer;
  const places = placesOf(question, answer).map(({ numbers, frame }) => `${numbers} (${frameName(frame)})`);
  if (grids.length === 0) return [...places, outsideText()].join("\n");
  const others = candidates.filter(({ id }) => id !== grids.at(-1)?.id).map(candidateLine);
  return [
    ...places,
    grids.map((grid, n) => gridText(grid, grids.slice(0, n))).join(" › "),
    `${words.value.code} ${grids.at(-1)?.code ?? ""}`,
    certain ? words.value.certain : `${words.value.uncertain} · ${words.value.uncertainText} ${others.join("; ")}`,
    ...chain.map((link) => labelled(levelName(link.level), `${withPhone(link.holder)} (${linkRole(link)})`)),
    ...(mediators.length ? [labelled(words.value.mediators, mediators.map(withPhone).join(words.value.comma))] : []),
  ].join("\n");
}

function candidateLine(candidate: Candidate): string {
  const who = candidate.responsible;
  return who ? labelled(nameWithin(candidate), withPhone(who.holder)) : nameWithin(candidate);
}
