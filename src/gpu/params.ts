/** The members of a uniform in their order: name and type. */
export type Members = readonly (readonly [name: string, type: "u32" | "f32"])[];

/** The members as WGSL writes them. */
export function membersText(members: Members): string {
  return members.map(([name, type]) => `${name}: ${type}`).join(", ");
}

/** The uniform's bytes. @throws Error for a member without a value. */
export function memberBytes(members: Members, values: Readonly<Record<string, number>>): Uint8Array<ArrayBuffer> {
  const bytes = new ArrayBuffer(Math.ceil(members.length / 4) * 16);
  const [words, floats] = [new Uint32Array(bytes), new Float32Array(bytes)];
  for (const [i, [name, type]] of members.entries()) {
    const value = values[name];
    if (value === undefined) throw new Error(`the uniform lacks ${name}`);
    if (type === "u32") words[i] = value;
    else floats[i] = value;
  }
  return new Uint8Array(bytes);
}

/** A 64-bit number as the sum of two of 32 bits. */
export function twoFloats(value: number): [high: number, low: number] {
  const high = Math.fround(value);
  return [high, Math.fround(value - high)];
}
