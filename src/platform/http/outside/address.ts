/** Which addresses are in the public Internet: this machine, private networks, and what is none at all are not. */

const BLOCKED_V4: [base: string, bits: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Whether an IP address, as a resolver gives it, is in the public Internet (RFC 6890 and its registry). */
export function isPublicAddress(address: string): boolean {
  const v4 = numberOfV4(address);
  if (v4 !== undefined) return isPublicV4(v4);
  const groups = groupsOfV6(address);
  return groups !== undefined && isPublicV6(groups);
}

function isPublicV4(address: number): boolean {
  return !BLOCKED_V4.some(([base, bits]) => (address ^ numberOfV4(base)!) >>> (32 - bits) === 0);
}

/** Global unicast is 2000::/3; what in it holds an IPv4 address or leads through a tunnel is judged by that address. */
function isPublicV6(groups: readonly number[]): boolean {
  const [first, second] = groups as [number, number];
  const last32 = ((groups[6]! << 16) | groups[7]!) >>> 0;
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  const isNat64 = first === 0x64 && second === 0xff9b;
  if (isMapped || isNat64) return isPublicV4(last32);
  if (first === 0x2002) return isPublicV4(((second << 16) | groups[2]!) >>> 0);
  const isDocumentation = first === 0x2001 && second === 0xdb8;
  const isTeredo = first === 0x2001 && second === 0;
  return (first & 0xe000) === 0x2000 && !isDocumentation && !isTeredo;
}

function numberOfV4(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0) >>> 0;
}

function groupsOfV6(address: string): number[] | undefined {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  const v4 = dotted === null ? undefined : numberOfV4(dotted[2]!);
  if (dotted !== null && v4 === undefined) return undefined;
  const text = v4 === undefined ? plain : `${dotted![1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const groupsIn = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const before = groupsIn(head);
  const after = tail === undefined ? [] : groupsIn(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 0) return undefined;
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}
