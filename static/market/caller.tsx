import { useState } from "preact/hooks";
import type { AccountAnswer } from "../../src/systems/market/schema/accounts";
import { useAction } from "../common/action";
import { getJson, sendWithAll } from "../common/api";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { createStore, useStore } from "../common/store";
import { toast } from "../common/toast";

/**
 * Who asks: nobody in particular, or the account, wallet or admin whose key was typed in. The key is kept in the memory
 * of this page and nowhere else.
 */
export const caller = createStore<AccountAnswer | null>(null);

/** Sends this key from now on. Throws a fault, and sends none, when nobody knows it. */
async function signIn(key: string): Promise<AccountAnswer> {
  // A wallet's token has three parts set apart by dots, an account's key has none.
  sendWithAll(key.includes(".") ? { authorization: `Bearer ${key}` } : { "x-api-key": key });
  try {
    const account = await getJson<AccountAnswer>("/api/auth/me");
    caller.set(account);
    return account;
  } catch (thrown) {
    signOut();
    throw thrown;
  }
}

function signOut(): void {
  sendWithAll({});
  caller.set(null);
}

/** Who is signed in, and the way in and out. */
export function CallerMark() {
  const account = useStore(caller);
  const [asking, setAsking] = useState(false);
  return (
    <div class="row">
      <span class="quiet-text caller">{account === null ? "Not signed in" : <CallerName {...account} />}</span>
      {account === null ? (
        <button type="button" class="quiet" onClick={() => setAsking(true)}>
          Sign in
        </button>
      ) : (
        <button type="button" class="quiet" onClick={signOut}>
          Sign out
        </button>
      )}
      {asking && <SignInDialog onClose={() => setAsking(false)} />}
    </div>
  );
}

function CallerName({ account_id, role }: AccountAnswer) {
  if (role === "admin") return <>Signed in as admin</>;
  return (
    <>
      Signed in as {role} <bdi>{account_id}</bdi>
    </>
  );
}

function SignInDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Sign in" onClose={onClose}>
      <KeyForm onDone={onClose} />
    </Dialog>
  );
}

/** Takes a key and signs in with it. */
export function KeyForm({ onDone }: { onDone?: () => void }) {
  const [key, setKey] = useState("");
  const { fault, run } = useAction("GET /api/auth/me", async () => {
    const { role, account_id } = await signIn(key.trim());
    toast(role === "admin" ? "Signed in as admin" : `Signed in as ${account_id}`);
    onDone?.();
  });
  function submit(event: Event): void {
    event.preventDefault();
    void run();
  }
  return (
    <form class="form" onSubmit={submit}>
      <label class="field">
        Key of an account, token of a wallet, or admin key
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <small>Kept in the memory of this page; reloading forgets it.</small>
      </label>
      {fault !== undefined && <Fault report={fault} />}
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  );
}
