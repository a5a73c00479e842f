import { expect, test } from "bun:test";
import { createConvergence } from "../../../../src/systems/forecasting/original/converge";
import { createLifecycle } from "../../../../src/systems/forecasting/original/lifecycle";
import { FIRST_MODEL } from "../../../../src/systems/forecasting/original/names";
import type { Wanted } from "../../../../src/systems/forecasting/original/wanted";
import type { WantedStore } from "../../../../src/systems/forecasting/original/wantedStore";
import type { ModelServer } from "../../../../src/systems/forecasting/serving/modelServer";
import { manualClock } from "../../../support/manualClock";

const WANTED: Wanted = { backend: "cpu", contextLen: 64, horizonLen: 24, checkpoint: "theta" };

/** What two instances share. */
function sharedRows(): WantedStore {
  const rows = new Map<string, Wanted>();
  return {
    all: async () => new Map(rows),
    put: async (model, wanted) => void rows.set(model, wanted),
    remove: async (model) => rows.delete(model),
  };
}

/** An instance whose server has one built-in model, and counts how often it was asked for what is not there. */
function instance(store: WantedStore) {
  const traits = { id: "theta", family: "statistical", title: "Theta" };
  const asked: string[] = [];
  const models = {
    builtIn: async () => [{ traits }],
    open: async () => ({ traits }),
    load: async (id: string) => {
      asked.push(id);
      throw new Error("not there");
    },
    unload: async () => true,
  } as unknown as ModelServer;
  const lifecycle = createLifecycle({
    models,
    localDir: "/nowhere",
    compat: "newest",
    clock: manualClock(0),
    wanted: store,
  });
  return {
    lifecycle,
    converge: createConvergence(lifecycle, store),
    asked,
    status: () => lifecycle.state(FIRST_MODEL).status,
  };
}

test("what one instance initialises and shuts down, another follows", async () => {
  const store = sharedRows();
  const [one, other] = [instance(store), instance(store)];
  await one.lifecycle.initialize(FIRST_MODEL, WANTED);
  expect([one.status(), other.status()]).toEqual(["ready", "uninitialized"]);
  await other.converge();
  expect(other.status()).toBe("ready");
  await one.lifecycle.shutdown(FIRST_MODEL);
  await one.lifecycle.initialize(FIRST_MODEL, { ...WANTED, horizonLen: 12 });
  await other.converge();
  expect(other.lifecycle.state(FIRST_MODEL).ready?.wanted.horizonLen).toBe(12);
  await one.lifecycle.shutdown(FIRST_MODEL);
  await other.converge();
  expect(other.status()).toBe("uninitialized");
});

test("what cannot be loaded is an error here, and is not tried again until it is asked for otherwise", async () => {
  const store = sharedRows();
  const { converge, asked, status } = instance(store);
  await store.put(FIRST_MODEL.path, { ...WANTED, checkpoint: "nobody/nothing" }, 0);
  await converge();
  await converge();
  expect([status(), asked]).toEqual(["error", ["nobody/nothing"]]);
  await store.put(FIRST_MODEL.path, WANTED, 0);
  await converge();
  expect(status()).toBe("ready");
});

test("rows that were read while somebody initialised are not believed", async () => {
  const store = sharedRows();
  const { lifecycle, status } = instance(store);
  const late: WantedStore = {
    ...store,
    async all() {
      const rows = await store.all();
      await lifecycle.initialize(FIRST_MODEL, WANTED);
      return rows;
    },
  };
  await createConvergence(lifecycle, late)();
  expect(status()).toBe("ready");
});
