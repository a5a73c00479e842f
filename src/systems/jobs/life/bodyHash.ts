/** SHA-256 of a JSON value, the same for objects whose members stand in another order. */
export function bodyHash(value: unknown): string {
  const ordered = JSON.stringify(value, (_, member: unknown) => {
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return new Bun.CryptoHasher("sha256").update(ordered).digest("hex");
}
