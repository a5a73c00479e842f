import { describe, expect, test } from "bun:test";
import { said } from "../../../../src/systems/jobs/reports/pdf/said";

describe("long runs of letters", () => {
  test("are in pieces between which a line may end, each with the direction of its own", () => {
    expect(said("short")).toBe("short");
    expect(said("many short words that need no help at all")).toBe("many short words that need no help at all");
    expect(said("id 01936d2f-7c1a-7100-9c5e end")).toEqual({
      isRightToLeft: false,
      parts: ["id ", { isRightToLeft: false, pieces: ["019", "36d", "2f-", "7c1", "a-7", "100", "-9c", "5e"] }, " end"],
    });
    expect(said("שלום")).toEqual({ isRightToLeft: true, parts: ["שלום"] });
    expect(said(`שלום ${"x".repeat(20)}`)).toMatchObject({
      isRightToLeft: true,
      parts: ["שלום ", { isRightToLeft: false }],
    });
  });

  test("are not cut within a letter and its accents", () => {
    const cut = said("é".normalize("NFD").repeat(20)) as Exclude<ReturnType<typeof said>, string>;
    const pieces = cut.parts.flatMap((part) => (typeof part === "string" ? [] : part.pieces));
    expect(pieces.join("")).toBe("é".normalize("NFD").repeat(20));
    for (const piece of pieces) expect(piece.normalize("NFC")).toMatch(/^é+$/);
  });
});
