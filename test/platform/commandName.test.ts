import { expect, test } from "bun:test";
import { commandName } from "../../src/platform/commandName";

test("from source the program is called by npx, in the project's folder", () => {
  expect(commandName()).toBe("npx foresight");
});
