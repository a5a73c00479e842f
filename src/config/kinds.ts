import { z } from "zod";

/** How the text of a setting becomes its value. Every setting arrives as text, be it a flag, a variable or a default. */

const SWITCH_VALUES: Record<string, boolean> = {
  true: true,
  "1": true,
  yes: true,
  on: true,
  false: false,
  "0": false,
  no: false,
  off: false,
};

export const text = z.string();

export const toggle = z.string().transform((value, context) => {
  const known = SWITCH_VALUES[value.trim().toLowerCase()];
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "expected true or false" });
  return z.NEVER;
});

export function integer(min: number, max: number) {
  return z.string().transform((value, context) => {
    const number = value.trim() === "" ? Number.NaN : Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    context.addIssue({ code: "custom", message: `expected a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

export const port = integer(0, 65535);

export function choice<const Name extends string>(...names: Name[]) {
  return z.string().transform((value, context): Name => {
    const known = names.find((name) => name === value.trim().toLowerCase());
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message: `expected one of ${names.join(", ")}` });
    return z.NEVER;
  });
}

/** The same, where some of the names may be written in other ways. */
export function choiceOf<const Name extends string>(names: readonly Name[], otherwise: Readonly<Record<string, Name>>) {
  const known = choice(...names, ...(Object.keys(otherwise) as Name[]));
  return known.transform((written): Name => otherwise[written] ?? written);
}

/** A comma-separated list; blanks around names and empty names are dropped. */
export const list = z.string().transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

/** A time of day in UTC, `HH:MM`, as minutes after midnight. */
export const timeOfDay = z.string().transform((value, context) => {
  const match = /^(\d\d):(\d\d)$/.exec(value.trim());
  const [hours, minutes] = [Number(match?.[1]), Number(match?.[2])];
  if (hours < 24 && minutes < 60) return hours * 60 + minutes;
  context.addIssue({ code: "custom", message: "expected a time of day such as 02:00" });
  return z.NEVER;
});

/** Minutes after midnight as `HH:MM`. */
export function timeOfDayText(minutes: number): string {
  const padded = (number: number) => String(number).padStart(2, "0");
  return `${padded(Math.floor(minutes / 60))}:${padded(minutes % 60)}`;
}

/** A calendar date `YYYY-MM-DD`. */
export const isoDate = z.string().transform((value, context) => {
  const date = value.trim();
  const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(date)) return date;
  context.addIssue({ code: "custom", message: "expected a date such as 2025-01-01" });
  return z.NEVER;
});

/** The address of a service, without a slash at its end. What would carry a secret or bend paths is refused. */
export const httpUrl = z.string().transform((value, context) => {
  const url = URL.parse(value.trim());
  const known = url !== null && (url.protocol === "http:" || url.protocol === "https:");
  if (known && url.username === "" && url.password === "" && url.search === "" && url.hash === "") {
    return url.href.replace(/\/+$/, "");
  }
  context.addIssue({ code: "custom", message: "expected an http or https address without user, query or fragment" });
  return z.NEVER;
});
