import { UsageError } from "../../../platform/errors";

/** What a pickle may hold here. Nothing in it is ever run. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleTuple
  | PickleMap
  | PickleGlobal
  | PickleStorage
  | PickleTensor;

export interface PickleTuple {
  kind: "tuple";
  items: PickleValue[];
}

/** A dict or an OrderedDict. */
export interface PickleMap {
  kind: "map";
  entries: Map<string, PickleValue>;
}

/** A name that the pickle refers to; only those of {@link GLOBALS} get in. */
export interface PickleGlobal {
  kind: "global";
  name: string;
}

/** Values that stand in another member of the file. */
export interface PickleStorage {
  kind: "storage";
  /** Name of the global that says which type they have. */
  type: string;
  key: string;
  count: number;
}

export interface PickleTensor {
  kind: "tensor";
  storage: PickleStorage;
  /** In values, from the beginning of the storage. */
  offset: number;
  shape: number[];
  strides: number[];
}

const ORDERED_DICT = "collections.OrderedDict";
const REBUILD_TENSOR = "torch._utils._rebuild_tensor_v2";

/** Every name that a pickle may refer to. */
const GLOBALS = new Set([
  ORDERED_DICT,
  REBUILD_TENSOR,
  "torch.FloatStorage",
  "torch.HalfStorage",
  "torch.BFloat16Storage",
]);

const MAX_STACK = 1_000_000;

const MARK: unique symbol = Symbol("mark");
type Slot = PickleValue | typeof MARK;

/** The state of the machine that a pickle is a program for. */
interface Machine {
  path: string;
  bytes: Buffer;
  at: number;
  stack: Slot[];
  memo: Map<number, PickleValue>;
}

/**
 * The value of a pickle of protocol 2 that holds a dictionary of tensors. Opcodes and names that such a file does not
 * need are refused.
 * Source: Python's `pickletools`, which describes each opcode.
 * @throws UsageError that says what was refused and where.
 */
export function readPickle(path: string, bytes: Buffer): PickleValue {
  const machine: Machine = { path, bytes, at: 0, stack: [], memo: new Map() };
  while (machine.at < bytes.length) {
    const place = machine.at;
    const opcode = bytes[machine.at++]!;
    if (opcode === STOP) return pop(machine);
    const act = OPCODES[opcode];
    if (act === undefined) throw refused(path, `opcode 0x${opcode.toString(16)} at byte ${place}`);
    act(machine);
    if (machine.stack.length > MAX_STACK) throw refused(path, `a stack of more than ${MAX_STACK} values`);
  }
  throw refused(path, "an end without STOP");
}

const STOP = 0x2e;

/** Every opcode that is understood, by its byte. */
const OPCODES: Readonly<Record<number, (machine: Machine) => void>> = {
  128: (machine) => readProtocol(machine), // PROTO
  99: (machine) => push(machine, { kind: "global", name: readGlobal(machine) }), // GLOBAL
  113: (machine) => remember(machine, take(machine, 1)[0]!), // BINPUT
  114: (machine) => remember(machine, take(machine, 4).readUInt32LE(0)), // LONG_BINPUT
  104: (machine) => recall(machine, take(machine, 1)[0]!), // BINGET
  106: (machine) => recall(machine, take(machine, 4).readUInt32LE(0)), // LONG_BINGET
  40: (machine) => machine.stack.push(MARK), // MARK
  41: (machine) => push(machine, { kind: "tuple", items: [] }), // EMPTY_TUPLE
  116: (machine) => push(machine, { kind: "tuple", items: sinceMark(machine) }), // TUPLE
  133: (machine) => pushTuple(machine, 1), // TUPLE1
  134: (machine) => pushTuple(machine, 2), // TUPLE2
  135: (machine) => pushTuple(machine, 3), // TUPLE3
  125: (machine) => push(machine, emptyMap()), // EMPTY_DICT
  88: (machine) => push(machine, take(machine, take(machine, 4).readUInt32LE(0)).toString("utf8")), // BINUNICODE
  74: (machine) => push(machine, take(machine, 4).readInt32LE(0)), // BININT
  75: (machine) => push(machine, take(machine, 1)[0]!), // BININT1
  77: (machine) => push(machine, take(machine, 2).readUInt16LE(0)), // BININT2
  138: (machine) => push(machine, readLong(machine)), // LONG1
  78: (machine) => push(machine, null), // NONE
  136: (machine) => push(machine, true), // NEWTRUE
  137: (machine) => push(machine, false), // NEWFALSE
  81: (machine) => push(machine, storageOf(machine, pop(machine))), // BINPERSID
  82: (machine) => reduce(machine), // REDUCE
  115: (machine) => setItems(machine, popSeveral(machine, 2)), // SETITEM
  117: (machine) => setItems(machine, sinceMark(machine)), // SETITEMS
};

function readProtocol(machine: Machine): void {
  const protocol = take(machine, 1)[0]!;
  if (protocol !== 2) throw refused(machine.path, `protocol ${protocol}; expected 2`);
}

function readGlobal(machine: Machine): string {
  const name = `${line(machine)}.${line(machine)}`;
  if (GLOBALS.has(name)) return name;
  throw refused(machine.path, `the name ${JSON.stringify(name)}, which a file of weights does not need`);
}

function line(machine: Machine): string {
  const end = machine.bytes.indexOf(0x0a, machine.at);
  if (end < 0) throw refused(machine.path, "a name without an end");
  const found = machine.bytes.toString("utf8", machine.at, end);
  machine.at = end + 1;
  return found;
}

/** A whole number of up to eight bytes, two's complement, little endian. */
function readLong(machine: Machine): number {
  const length = take(machine, 1)[0]!;
  if (length > 8) throw refused(machine.path, `a number of ${length} bytes`);
  const bytes = take(machine, length);
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Number(BigInt.asIntN(length * 8, value));
}

function take(machine: Machine, length: number): Buffer {
  const end = machine.at + length;
  if (end > machine.bytes.length) throw refused(machine.path, "an end in the middle of a value");
  const taken = machine.bytes.subarray(machine.at, end);
  machine.at = end;
  return taken;
}

function push(machine: Machine, value: PickleValue): void {
  machine.stack.push(value);
}

function pop(machine: Machine): PickleValue {
  const value = machine.stack.pop();
  if (value === undefined || value === MARK) throw refused(machine.path, "a value that is not there");
  return value;
}

function popSeveral(machine: Machine, count: number): PickleValue[] {
  return Array.from({ length: count }, () => pop(machine)).reverse();
}

function pushTuple(machine: Machine, count: number): void {
  push(machine, { kind: "tuple", items: popSeveral(machine, count) });
}

function sinceMark(machine: Machine): PickleValue[] {
  const mark = machine.stack.lastIndexOf(MARK);
  if (mark < 0) throw refused(machine.path, "a list without a beginning");
  const values = machine.stack.splice(mark + 1) as PickleValue[];
  machine.stack.pop();
  return values;
}

function remember(machine: Machine, key: number): void {
  const value = pop(machine);
  machine.memo.set(key, value);
  push(machine, value);
}

function recall(machine: Machine, key: number): void {
  const value = machine.memo.get(key);
  if (value === undefined) throw refused(machine.path, `a reference to ${key}, which is not there`);
  push(machine, value);
}

function emptyMap(): PickleMap {
  return { kind: "map", entries: new Map() };
}

function setItems(machine: Machine, items: PickleValue[]): void {
  const map = pop(machine);
  if (!isKind(map, "map") || items.length % 2 !== 0) throw refused(machine.path, "entries of what is no dictionary");
  for (let index = 0; index < items.length; index += 2) {
    map.entries.set(String(items[index]), items[index + 1]!);
  }
  push(machine, map);
}

/** `("storage", type, key, location, count)`, as torch names what stands in another member. */
function storageOf(machine: Machine, reference: PickleValue): PickleStorage {
  const [tag, type, key, , count] = isKind(reference, "tuple") ? reference.items : [];
  if (tag !== "storage" || !isKind(type, "global") || typeof key !== "string" || typeof count !== "number") {
    throw refused(machine.path, "a reference that is not to a storage");
  }
  return { kind: "storage", type: type.name, key, count };
}

/** The two calls that a file of weights makes, both made here by hand. */
function reduce(machine: Machine): void {
  const [callee, args] = popSeveral(machine, 2);
  const items = isKind(args, "tuple") ? args.items : undefined;
  const name = isKind(callee, "global") ? callee.name : undefined;
  if (name === ORDERED_DICT && items?.length === 0) push(machine, emptyMap());
  else if (name === REBUILD_TENSOR && items !== undefined) push(machine, tensorOf(machine, items));
  else throw refused(machine.path, "a call that a file of weights does not make");
}

function tensorOf(machine: Machine, [storage, offset, shape, strides]: PickleValue[]): PickleTensor {
  if (!isKind(storage, "storage") || typeof offset !== "number")
    throw refused(machine.path, "a tensor without a storage");
  return { kind: "tensor", storage, offset, shape: sizesOf(machine, shape), strides: sizesOf(machine, strides) };
}

function sizesOf(machine: Machine, value: PickleValue | undefined): number[] {
  const items = isKind(value, "tuple") ? value.items : [undefined];
  if (items.every((item) => typeof item === "number" && Number.isSafeInteger(item) && item >= 0))
    return items as number[];
  throw refused(machine.path, "a tensor without a shape");
}

/** Whether a value is of that kind. */
export function isKind<Kind extends "tuple" | "map" | "global" | "storage" | "tensor">(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleValue, { kind: Kind }> {
  return typeof value === "object" && value !== null && value.kind === kind;
}

function refused(path: string, what: string): UsageError {
  return new UsageError(`${path} was refused, and nothing in it was run: its pickle holds ${what}.`);
}
