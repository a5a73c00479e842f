import { choiceCodec, useUrlState } from "../common/url-state";
import { FORMS, type Form } from "./payload";

/** How payloads are shown, kept in the address. */
export function useForm(): [Form, (form: Form) => void] {
  return useUrlState("payloads", choiceCodec(FORMS, FORMS[0]));
}

export function FormChoice({ form, onForm }: { form: Form; onForm(form: Form): void }) {
  return (
    <label>
      Payloads as
      <select value={form} onChange={(event) => onForm(event.currentTarget.value as Form)}>
        {FORMS.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
