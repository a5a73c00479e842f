import type { ModelFault, ModelSource } from "../model";
import type { ConditionBlock, GroupBlock, Program, StateBlock } from "./ast";
import {
  atOf,
  type Cursor,
  expect,
  expectName,
  is,
  openCursor,
  peek,
  skipLines,
  take,
  takeIf,
  takeRaw,
  wrong,
} from "./cursor";
import { parseItems, parseProperty, parseVariable } from "./declarations";
import { nearest } from "./nearest";
import { faultAt, SourceError, type SourceFile } from "./source";
import { parseBody, passOver } from "./statements";

interface Reading {
  files: ModelSource["files"];
  program: Program;
  faults: ModelFault[];
  /** Files that are being read, the outermost first. */
  open: string[];
  read: Set<string>;
}

type Block = (cursor: Cursor, reading: Reading) => void;

const BLOCKS: Readonly<Record<string, Block>> = {
  simulation: (cursor, { program }) => parseItems(cursor, () => program.simulation.push(parseProperty(cursor))),
  variables: (cursor, { program }) => parseItems(cursor, () => parseVariable(cursor, program)),
  startup: (cursor, { program }) => program.startup.push(...parseBody(cursor)),
  agent_startup: (cursor, { program }) => program.agentStartup.push(...parseBody(cursor)),
  group_startup: (cursor, { program }) => program.groupStartup.push(...parseBody(cursor)),
  condition: parseCondition,
  state: parseStateOutside,
  place: (cursor, reading) => parseGroup(cursor, reading, "place"),
  network: (cursor, reading) => parseGroup(cursor, reading, "network"),
  include: parseInclude,
  use: parseUse,
};

/** Reads a program with all that it includes; an empty one where there is none. Faults are gathered: with one, the
 * program is not whole. */
export function parseProgram({ files, main }: ModelSource): { program: Program; faults: ModelFault[] } {
  const reading: Reading = {
    files,
    program: {
      simulation: [],
      variables: [],
      variableProperties: [],
      assignments: [],
      startup: [],
      agentStartup: [],
      groupStartup: [],
      conditions: [],
      groups: [],
    },
    faults: [],
    open: [],
    read: new Set(),
  };
  const hasModel = Object.keys(files).some((path) => path.endsWith(".fred"));
  if (Object.hasOwn(files, main)) readFile(reading, main);
  else if (hasModel) {
    const known = Object.keys(files).filter((path) => path.endsWith(".fred"));
    const message = `there is no file ${main}; the model has ${known.join(", ")}`;
    reading.faults.push({ file: main, line: 1, column: 1, text: "", message });
  }
  return { program: reading.program, faults: reading.faults };
}

function readFile(reading: Reading, path: string): void {
  const file: SourceFile = { path, text: reading.files[path]!.replaceAll("\r\n", "\n") };
  const fault = (error: SourceError) => {
    reading.faults.push(faultAt(error.at, error.message));
  };
  reading.open.push(path);
  reading.read.add(path);
  try {
    const cursor = openCursor(file, fault);
    for (skipLines(cursor); peek(cursor).kind !== "end"; skipLines(cursor)) readBlock(cursor, reading);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    fault(error);
  }
  reading.open.pop();
}

function readBlock(cursor: Cursor, reading: Reading): void {
  try {
    const word = peek(cursor).text;
    const block = Object.hasOwn(BLOCKS, word) ? BLOCKS[word] : undefined;
    if (block === undefined) throw wrong(cursor, `expected a block${nearest(word, Object.keys(BLOCKS))}`);
    take(cursor);
    block(cursor, reading);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    cursor.fault(error);
    // A brace too many must not hold the reading up.
    if (is(cursor, "}")) take(cursor);
    passOver(cursor);
  }
}

function conditionNamed(program: Program, name: string, at: ConditionBlock["at"]): ConditionBlock {
  const known = program.conditions.find((condition) => condition.name === name);
  if (known !== undefined) return known;
  const added: ConditionBlock = { name, at, properties: [], states: [] };
  program.conditions.push(added);
  return added;
}

function parseCondition(cursor: Cursor, reading: Reading): void {
  const at = atOf(cursor);
  const condition = conditionNamed(reading.program, expectName(cursor, "the name of a condition").text, at);
  parseItems(cursor, () => {
    if (is(cursor, "=", 1)) condition.properties.push(parseProperty(cursor));
    else if (takeIf(cursor, "state")) parseState(cursor, condition);
    else if (is(cursor, "{", 1) && Object.hasOwn(BLOCKS, peek(cursor).text))
      BLOCKS[take(cursor).text]!(cursor, reading);
    else throw wrong(cursor, "expected a property or a state");
  });
}

function parseState(cursor: Cursor, condition: ConditionBlock): void {
  const at = atOf(cursor);
  let name = expectName(cursor, "the name of a state").text;
  if (name === condition.name && takeIf(cursor, ".")) name = expectName(cursor, "the name of a state").text;
  const body = parseBody(cursor);
  const known = condition.states.find((state) => state.name === name);
  if (known !== undefined) known.body.push(...body);
  else condition.states.push({ name, at, body } satisfies StateBlock);
}

function parseStateOutside(cursor: Cursor, { program }: Reading): void {
  const at = atOf(cursor);
  const condition = expectName(cursor, "CONDITION.STATE").text;
  expect(cursor, ".", "between condition and state");
  parseState(cursor, conditionNamed(program, condition, at));
}

function parseGroup(cursor: Cursor, { program }: Reading, kind: GroupBlock["kind"]): void {
  const at = atOf(cursor);
  const name = expectName(cursor, `the name of a ${kind}`).text;
  let group = program.groups.find((known) => known.kind === kind && known.name === name);
  if (group === undefined) {
    group = { kind, name, at, properties: [] };
    program.groups.push(group);
  }
  const { properties } = group;
  parseItems(cursor, () => properties.push(parseProperty(cursor)));
}

function parseUse(cursor: Cursor): void {
  const at = atOf(cursor);
  const { text } = takeRaw(cursor, (here) => is(here, "{"));
  const file = `${text.replace(/^.*(::|\/)/, "").toLowerCase()}.fred`;
  throw new SourceError(at, `the library that holds ${text} is not public; add such a file and write: include ${file}`);
}

function parseInclude(cursor: Cursor, reading: Reading): void {
  const { text, at } = takeRaw(cursor, () => false);
  const path = beside(cursor.file.path, text.replace(/^(["'])(.*)\1$/, "$2"));
  if (path === undefined) throw new SourceError(at, `${text} lies outside of the model`);
  if (reading.open.includes(path))
    throw new SourceError(at, `${path} includes itself: ${[...reading.open, path].join(" -> ")}`);
  if (!Object.hasOwn(reading.files, path))
    throw new SourceError(at, `there is no file ${path}${nearest(path, Object.keys(reading.files))}`);
  // What came once is there; a second time would only say it twice.
  if (!reading.read.has(path)) readFile(reading, path);
}

/** The path of a file named in another; undefined where that leads out of the model. */
export function beside(from: string, name: string): string | undefined {
  if (name.startsWith("/") || name.includes("\0") || name.includes("\\")) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
