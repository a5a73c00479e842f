import type { AccountAnswer } from "../../src/systems/market/schema/accounts";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { Form } from "../common/form";
import type { JsonSchema } from "../common/form-schema";
import { formatNumber } from "../common/format";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { toast } from "../common/toast";
import { Hex } from "./hex";
import { Name } from "./name";
import { leavingOut } from "./narrow";

const COLUMNS = leavingOut<AccountAnswer>(
  ["role", "address"],
  [
    {
      key: "account",
      title: "Account",
      value: ({ account_id }) => account_id,
      show: ({ account_id }) => <Name text={account_id} />,
    },
    { key: "role", title: "Role", value: ({ role }) => role },
    {
      key: "address",
      title: "Address",
      value: ({ eth_address }) => eth_address,
      show: ({ eth_address }) => <Hex text={eth_address} />,
    },
    { key: "balance", title: "Balance", unit: "XNM", decimals: 4, value: ({ balance }) => balance },
  ],
);

/** Every account with what it holds; with `deposit`, a button that puts money in. */
export function AccountTable(props: {
  accounts: readonly AccountAnswer[];
  deposit?: (account: AccountAnswer) => void;
}) {
  const { accounts, deposit } = props;
  return (
    <Table
      name="accounts"
      caption="accounts"
      columns={deposit === undefined ? COLUMNS : [...COLUMNS, depositColumn(deposit)]}
      rows={accounts}
      keyOf={({ account_id }) => account_id}
      empty={{ what: "Accounts of consumers and providers would be here." }}
    />
  );
}

function depositColumn(deposit: (account: AccountAnswer) => void): Column<AccountAnswer> {
  return {
    key: "deposit",
    title: "Deposit",
    value: () => null,
    show: (account) => (
      <button
        type="button"
        class="in-row"
        aria-label={`Deposit for ${account.account_id}`}
        onClick={() => deposit(account)}
      >
        Deposit
      </button>
    ),
  };
}

const AMOUNT: JsonSchema = {
  type: "object",
  required: ["amount"],
  properties: { amount: { type: "number", title: "Amount", exclusiveMinimum: 0, maximum: 1e9, "x-unit": "XNM" } },
};

/** Puts money into an account. */
export function DepositDialog(props: { account: AccountAnswer; onClose: () => void; onDone: () => void }) {
  const { account_id, balance } = props.account;
  const path = `/api/accounts/${encodeURIComponent(account_id)}/deposit`;
  const deposit = useAction(`POST ${path}`, async (value: Record<string, unknown>) => {
    const after = await postJson<AccountAnswer>(path, value);
    toast(`${account_id} holds ${formatNumber(after.balance, 4)} XNM`);
    props.onDone();
  });
  return (
    <Dialog title="Deposit" onClose={props.onClose}>
      <p>
        <bdi>{account_id}</bdi> <span class="quiet-text">holds {formatNumber(balance, 4)} XNM</span>
      </p>
      <Form schema={AMOUNT} submitLabel="Deposit" onSubmit={(value) => void deposit.run(value)} />
      {deposit.fault !== undefined && <Fault report={deposit.fault} />}
    </Dialog>
  );
}
