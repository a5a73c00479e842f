import { expect } from "bun:test";

/** What an SVG of ours says, read back from its text alone. */
export interface ReadSvg {
  widthPx: number;
  heightPx: number;
  title: string;
  words: { x: number; y: number; text: string; anchor: string }[];
  boxes: { x: number; y: number; width: number; height: number; fill: string; name: string | undefined }[];
  paths: { pieces: Point[][]; name: string | undefined; attributes: Record<string, string> }[];
}

export type Point = [x: number, y: number];

/** Fails where tags do not close or a sign stands bare that XML gives a meaning to. */
export function readSvg(svg: string): ReadSvg {
  const read: ReadSvg = { widthPx: 0, heightPx: 0, title: "", words: [], boxes: [], paths: [] };
  const open: string[] = [];
  let element: { name: string; attributes: Record<string, string> } | undefined;
  for (const token of svg.match(/<[^>]*>|[^<]+/g)!) {
    if (token.startsWith("</")) {
      expect(open.pop()).toBe(token.slice(2, -1));
    } else if (token.startsWith("<")) {
      element = { name: /^<(\w+)/.exec(token)![1]!, attributes: attributesOf(token) };
      if (!token.endsWith("/>")) open.push(element.name);
      take(element, read);
    } else {
      expect(token).toMatch(/^([^&]|&(amp|lt|gt|quot|#39);)*$/u);
      if (element!.name === "title") read.title = plain(token);
      else read.words.push({ ...placeOf(element!.attributes), text: plain(token) });
    }
  }
  expect(open).toEqual([]);
  return read;
}

function take({ name, attributes }: { name: string; attributes: Record<string, string> }, read: ReadSvg): void {
  const named = attributes["data-name"];
  if (name === "svg") [read.widthPx, read.heightPx] = [Number(attributes["width"]), Number(attributes["height"])];
  if (name === "path") read.paths.push({ pieces: piecesIn(attributes["d"]!), name: named, attributes });
  if (name === "rect" && "x" in attributes) {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => finite(attributes[key]));
    read.boxes.push({ x: x!, y: y!, width: width!, height: height!, fill: attributes["fill"]!, name: named });
  }
}

function attributesOf(tag: string): Record<string, string> {
  const pairs = [...tag.matchAll(/\s([\w-]+)="([^"]*)"/g)];
  expect(tag.replace(/\s[\w-]+="[^"]*"/g, "")).toMatch(/^<\w+\/?>$/);
  return Object.fromEntries(pairs.map(([, key, value]) => [key!, plain(value!)]));
}

function placeOf(attributes: Record<string, string>) {
  return { x: finite(attributes["x"]), y: finite(attributes["y"]), anchor: attributes["text-anchor"] ?? "start" };
}

function finite(text: string | undefined): number {
  expect(text).toMatch(/^-?(\d*\.)?\d+$/);
  return Number(text);
}

function plain(text: string): string {
  const signs: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name]!);
}

/** The corners of each piece of a path. */
export function piecesIn(d: string): Point[][] {
  const pieces: Point[][] = [];
  let [x, y] = [0, 0];
  for (const [, command, text] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (text!.match(/-?(\d*\.)?\d+/g) ?? []).map(Number);
    if (command === "z") continue;
    if (command === "M") [x, y] = numbers as Point;
    else if (command === "l") [x, y] = [x + numbers[0]!, y + numbers[1]!];
    else if (command === "h") x += numbers[0]!;
    else if (command === "v") y += numbers[0]!;
    else if (command === "H") x = numbers[0]!;
    else if (command === "V") y = numbers[0]!;
    else throw new Error(`unknown command ${command} in ${d.slice(0, 40)}`);
    if (command === "M") pieces.push([]);
    pieces.at(-1)!.push([x, y]);
  }
  return pieces;
}

const GRID = "#e2e5e9";

/** Where a value lies by what the grid of a light chart and its labels say; two of them suffice. */
export function yByLabels(chart: ReadSvg): (value: number) => number {
  const lines = chart.paths.filter(({ attributes }) => attributes["stroke"] === GRID).map(({ pieces }) => pieces[0]!);
  const marks = lines.map(([[, y] = [0, 0]]) => {
    const label = chart.words.find((words) => words.anchor === "end" && Math.abs(words.y - y) < 6);
    return { y, value: numberIn(label!.text) };
  });
  return between(marks.map(({ y, value }) => [value, y]));
}

/** Where an x lies by the labels below the axis, each turned into a number. */
export function xByLabels(chart: ReadSvg, read: (text: string) => number | undefined): (value: number) => number {
  const marks = chart.words.flatMap(({ x, text }): Point[] => {
    const value = read(text);
    return value === undefined ? [] : [[value, x]];
  });
  return between(marks);
}

function between(marks: Point[]): (value: number) => number {
  expect(marks.length).toBeGreaterThanOrEqual(2);
  const [from, to] = [marks[0]!, marks.at(-1)!];
  return (value) => from[1] + ((value - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
}

/** `−1.2 M` is -1200000. */
export function numberIn(label: string): number {
  const [, digits, prefix] = /^([−\d.\u2006e]+)(?:\u00a0([kMGTPE]))?$/u.exec(label)!;
  const factor = prefix === undefined ? 1 : 1000 ** ("kMGTPE".indexOf(prefix) + 1);
  return Number(digits!.replaceAll("−", "-").replaceAll("\u2006", "")) * factor;
}
