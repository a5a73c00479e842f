import { RATE_INPUTS } from "../request/rateProcess";
import type { InputName } from "../schema/variation";
import { BASE_VECTORS, dayVectors, type KernelShape } from "./shape";

/** Floats of a level in its buffer: up to three numbers of its distribution, then where its list of values begins. */
export const LEVEL_FLOATS = 4;

/** The kernel's names of the inputs that it reads each day, and where they stand in the day's controls. */
const DAILY_INPUTS = [
  { input: "rbp", name: "onboarding", shared: "P.rbp", part: "x" },
  { input: "rr", name: "renewalRate", shared: "P.renewalRate", part: "y" },
  { input: "fpr", name: "filPlusRate", shared: "P.filPlusRate", part: "z" },
  { input: "lock_target", name: "lockTarget", shared: "P.lockTarget", part: "w" },
] as const satisfies readonly { input: InputName; name: string; shared: string; part: string }[];

/** In place of the renewal rate where power is lost by shares: what is near 1 has too few digits left of what is lost. */
const LOSS = { input: "rr", name: "renewalLoss", shared: "P.renewalLoss", part: "y" } as const;

/** What each level's value is, from its draw `z` and its numbers in `rows` from `at` on. */
const LEVEL_VALUES = {
  uniform: "rows[at] + (rows[at + 1u] - rows[at]) * normalShare(z)",
  triangular: "triangularAt(rows[at], rows[at + 1u], rows[at + 2u], normalShare(z))",
  normal: "rows[at] + rows[at + 1u] * z",
  lognormal: "rows[at] * exp32(rows[at + 1u] * z)",
  values: "rows[u32(rows[at + 3u]) + u32(min(rows[at] - 1.0, floor(normalShare(z) * rows[at])))]",
} as const;

/** What a run takes once, before its first day. */
export function prologueText(shape: KernelShape): string {
  const lines: string[] = [];
  if (shape.chance !== undefined) lines.push("seedChance(P.seed + run);", ...levelLines(shape), ...walkStart(shape));
  const { sector_duration_days: life } = shape.sources;
  if (life.kind === "row") lines.push(`life = u32(rows[run * ${shape.rowFloats}u + ${life.place}u]);`);
  if (life.kind === "level") lines.push(`life = u32(clamp(floor(level${life.place} + 0.5), 1.0, 36500.0));`);
  return lines.map((line) => `  ${line}`).join("\n");
}

/** What a run takes on each day. */
export function inputsText(shape: KernelShape): string {
  const lines = shape.chance?.method === undefined ? [] : walkLines(shape.chance.method);
  const table = `days[${dayVectors(shape)}u * t + ${BASE_VECTORS + Number(shape.hasFee)}u]`;
  const isByShares = shape.model === "attrition";
  for (const daily of DAILY_INPUTS) {
    const { input, name, shared, part } = isByShares && daily.input === LOSS.input ? LOSS : daily;
    const source = shape.sources[input];
    const usual = shape.tables ? `${table}.${part}` : shared;
    if (source.kind === "shared") lines.push(`let ${name} = ${usual};`);
    else if (source.kind === "row") lines.push(`let ${name} = rows[run * ${shape.rowFloats}u + ${source.place}u];`);
    else if (source.kind === "level") {
      lines.push(`let ${name} = ${name === LOSS.name ? "1.0 - " : ""}level${source.place};`);
    } else if (source.kind === "vector") {
      lines.push(`let ${name} = factors[(t * P.pointStride + run) * ${shape.vectorFloats}u + ${source.place}u];`);
    } else lines.push(`let ${name} = ${wandered(input, usual, shape)};`);
  }
  if (isByShares) lines.push(`let renewalRate = 1.0 - ${LOSS.name};`);
  return lines.map((line) => `    ${line}`).join("\n");
}

function wandered(input: InputName, usual: string, { chance, model }: KernelShape): string {
  const rate = (RATE_INPUTS as readonly InputName[]).indexOf(input);
  if (rate === 0) return `${usual} * factor.x`;
  const isLossTimes = input === "rr" && chance?.method === "random_walk";
  if (input !== "rr" || model === "schedule") {
    return `${isLossTimes ? "withLossTimes" : "withOddsTimes"}(${usual}, factor[${rate}])`;
  }
  return isLossTimes ? `min(1.0, max(0.0, ${usual}) * factor.y)` : `lossWithOddsTimes(${usual}, factor.y)`;
}

/** The factor on what quality-adjusted power loses, which walks with the renewal rate. */
export function attritionText({ chance, sources }: KernelShape): string {
  return chance?.method === "random_walk" && sources.rr.kind === "wandering" ? " * factor.w" : "";
}

function levelLines({ chance, sources }: KernelShape): string[] {
  const levels = chance!.levels;
  const count = levels.length;
  const draws = levels.map((_, i) => `let draw${i} = standardDraw();`);
  const isUsed = (place: number) => Object.values(sources).some((s) => s.kind === "level" && s.place === place);
  const values = levels.flatMap((kind, i) => {
    if (!isUsed(i)) return [];
    const mixing = LEVEL_FLOATS * count + i * count;
    const z = Array.from({ length: i + 1 }, (_, k) => `rows[${mixing + k}u] * draw${k}`).join(" + ");
    return [
      `var level${i} = 0.0;`,
      `{ let at = ${LEVEL_FLOATS * i}u; let z = ${z}; level${i} = ${LEVEL_VALUES[kind]}; }`,
    ];
  });
  return [...draws, ...values];
}

function walkStart({ chance }: KernelShape): string[] {
  if (chance!.method === undefined) return [];
  if (chance!.method === "random_walk") {
    return [
      "var before = vec4f(0.0);",
      "var weekDay = 7u;",
      ...LEVELS.map((level) => `var level${level}At = vec2f(0.0, 0.0);`),
      "{",
      "  let draw = vec4f(standardDraw(), standardDraw(), standardDraw(), standardDraw());",
      ...LEVELS.map((level) => `  level${level}At.x = P.firstStep${level} * (${walkStep(level)});`),
      "}",
      `var after = ${WALK_FACTORS};`,
    ];
  }
  const common = ["var before = vec3f(0.0);", "var weekDay = 7u;"];
  if (chance!.method === "block_bootstrap") {
    return [
      ...common,
      "var week = below(P.weeks);",
      "var knot = 1u;",
      "var after = vec3f(factors[week * 3u], factors[week * 3u + 1u], factors[week * 3u + 2u]);",
    ];
  }
  return [
    ...common,
    "var state = vec3f(P.start0, P.start1, P.start2);",
    "var after = vec3f(exp32(state.x), exp32(state.y), exp32(state.z));",
  ];
}

/** Places of the levels of a walk in its state: onboarding, raw loss, FIL+ rate, quality-adjusted loss. */
const LEVELS = [0, 1, 2, 3];
const LETTERS = "xyzw";

function walkStep(level: number): string {
  return LEVELS.slice(0, level + 1)
    .map((k) => `P.walk${level}${k} * draw.${LETTERS[k]}`)
    .join(" + ");
}

/** Levels are sums of two floats: over ten years the steps of one would lose more than is allowed. */
const WALK_FACTORS =
  "vec4f(exp2of(level0At), exp2of(level1At), exp2of(level2At), exp2of(add2(add2(level3At, -level1At.x), -level1At.y)))";

const NEXT_KNOT: Record<NonNullable<NonNullable<KernelShape["chance"]>["method"]>, string[]> = {
  mean_reverting: [
    "let draw = vec3f(standardDraw(), standardDraw(), standardDraw());",
    "state.x = P.persistence0 * state.x + P.shock00 * draw.x;",
    "state.y = P.persistence1 * state.y + (P.shock10 * draw.x + P.shock11 * draw.y);",
    "state.z = P.persistence2 * state.z + (P.shock20 * draw.x + P.shock21 * draw.y + P.shock22 * draw.z);",
    "after = vec3f(exp32(state.x), exp32(state.y), exp32(state.z));",
  ],
  random_walk: [
    "let z = standardDraw();",
    "let tail = sqrt(3.0 / (z * z - 2.0 * (logOfDraw() + logOfDraw())));",
    "let draw = vec4f(standardDraw(), standardDraw(), standardDraw(), standardDraw());",
    ...LEVELS.map((level) => `level${level}At = add2(level${level}At, tail * (${walkStep(level)}));`),
    `after = ${WALK_FACTORS};`,
  ],
  block_bootstrap: [
    "if (knot % P.blockWeeks == 0u) { week = below(P.weeks); } else { week = (week + 1u) % P.weeks; }",
    "knot++;",
    "after = vec3f(factors[week * 3u], factors[week * 3u + 1u], factors[week * 3u + 2u]);",
  ],
};

/** Factors are linear between knots a week apart. */
function walkLines(method: keyof typeof NEXT_KNOT): string[] {
  return [
    "if (weekDay == 7u) {",
    "  weekDay = 0u;",
    "  before = after;",
    ...NEXT_KNOT[method].map((line) => `  ${line}`),
    "}",
    "let factor = before + (after - before) * (f32(weekDay) * 0.14285714285714285);",
    "weekDay++;",
  ];
}
