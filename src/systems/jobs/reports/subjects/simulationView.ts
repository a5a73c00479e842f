import { JSON_LEVELS, tooDeepAt } from "../../../../platform/jsonDepth";
import { BUILD } from "../../../../platform/version";
import { MAX_TITLE_LETTERS } from "../limits";
import type { Fact, SimulationView } from "../model";
import type { ReportedSimulation } from "../request";
import { sectionsSchema } from "../schema";
import type { ReportSection } from "../section";
import { PROGRAM, timeInWords } from "../shown/overview";
import { shortLine } from "../text/clean";
import { sectionsOf, titleOfType } from ".";
import type { Names } from "./names";
import { isNumber, isObject, memberAt } from "./shapes";

/** Reads a finished simulation: what is shown of it, and what its result is made from. */
export function simulationView(simulation: ReportedSimulation, names: Names): SimulationView {
  const { jobId, simulationType, completedAt, metadata } = simulation;
  const parameters = readJson(simulation.parametersJson);
  const result = readJson(simulation.resultJson);
  const typeTitle = titleOfType(simulationType);
  return {
    jobId,
    simulationType,
    typeTitle,
    title: givenName(metadata) ?? typeTitle,
    completedAt,
    parameters: parameters.value,
    sections: givenSections(simulation.sections) ?? result.fault ?? sectionsOf(simulationType, result.value, names),
    facts: factsOf(simulation, parameters.value, result.value),
  };
}

/** What whoever submitted the job called it. */
function givenName(metadata: unknown): string | undefined {
  const given = [memberAt(metadata, "title"), memberAt(metadata, "name")].find((name) => typeof name === "string");
  const line = shortLine(given ?? "", MAX_TITLE_LETTERS);
  return line === "" ? undefined : line;
}

/** What a handler gave, or a section that says what is wrong with that; undefined where it gave nothing. */
function givenSections(sections: unknown): ReportSection[] | undefined {
  if (sections === undefined) return undefined;
  const { success, data, error } = sectionsSchema.safeParse(sections);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  return [{ title: "Result", text: `The sections of its handler cannot be shown: ${path.join(".")}: ${message}` }];
}

/** The value of a JSON text, or a section that says why there is none. */
function readJson(bytes: Uint8Array): { value: unknown; fault?: ReportSection[] } {
  const text = new TextDecoder().decode(bytes);
  if (tooDeepAt(JSON_LEVELS, text) !== undefined) {
    return faulty(`It holds lists or objects more than ${JSON_LEVELS} levels deep within each other.`);
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return faulty("It is no JSON.");
  }
}

function faulty(reason: string) {
  return { value: null, fault: [{ title: "Result", text: `The result cannot be shown. ${reason}` }] };
}

function factsOf(simulation: ReportedSimulation, parameters: unknown, result: unknown): Fact[] {
  const { jobId, simulationType, createdAt, startedAt, completedAt, attempt } = simulation;
  return [
    { name: "Job", value: jobId, isCode: true },
    { name: "Type", value: simulationType, isCode: true },
    { name: "Submitted", value: timeInWords(createdAt) },
    { name: "Started", value: timeInWords(startedAt) },
    { name: "Finished", value: timeInWords(completedAt) },
    { name: "Attempt", value: String(attempt) },
    ...stampFacts(parameters, result),
    { name: "Program", value: `${PROGRAM} (${BUILD})` },
    { name: "Parameters SHA-256", value: sha256(simulation.parametersJson), isCode: true },
    { name: "Result SHA-256", value: sha256(simulation.resultJson), isCode: true },
  ];
}

/** Members of a result, and of its parameters, by which it can be had again. */
const STAMPS = ["source", "engine", "model", "snapshot", "seed"];

function stampFacts(parameters: unknown, result: unknown): Fact[] {
  const places = [memberAt(result, "stamp"), memberAt(result, "statistics"), result, parameters];
  return STAMPS.flatMap((member) => {
    const found = places.map((place) => (isObject(place) ? memberAt(place, member) : undefined));
    const value = found.find((one) => isNumber(one) || typeof one === "string");
    const name = member.charAt(0).toUpperCase() + member.slice(1);
    return value === undefined ? [] : [{ name, value: String(value), isCode: member === "snapshot" }];
  });
}

function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}
