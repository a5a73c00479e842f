import { type Fault, isObject, type Reader, type Reading, refused } from "../../../platform/http/fastapi/readers";

/** An object inside a body: what each reader makes of its member; others are left out. Null and absent are not alike. */
export function members<Shape extends Record<string, Reader<unknown>>>(
  shape: Shape,
): Reader<{ [Name in keyof Shape]: Shape[Name] extends Reader<infer Value> ? Value : never }> {
  type Value = { [Name in keyof Shape]: Shape[Name] extends Reader<infer One> ? One : never };
  function read(input: unknown): Reading<Value> {
    if (!isObject(input)) return refused(input, "model_type", "Input should be a valid dictionary");
    const value: Record<string, unknown> = {};
    const faults: Fault[] = [];
    for (const [name, reader] of Object.entries(shape)) {
      const reading = Object.hasOwn(input, name)
        ? reader.read(input[name])
        : refused(input, "missing", "Field required");
      if ("value" in reading) value[name] = reading.value;
      else faults.push(...reading.faults.map((fault) => ({ ...fault, path: [name, ...fault.path] })));
    }
    return faults.length === 0 ? { value: value as Value } : { faults };
  }
  const properties = Object.fromEntries(Object.entries(shape).map(([name, { about }]) => [name, about]));
  return { read, about: { type: "object", properties, required: Object.keys(shape) } };
}
