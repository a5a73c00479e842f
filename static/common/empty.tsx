/** In place of something that is not there yet: says what would be here and offers the one action that fills it. */
export function Empty(props: { what: string; action?: { label: string; href?: string; run?: () => void } }) {
  const action = props.action;
  return (
    <div class="empty">
      <p>{props.what}</p>
      {action?.href !== undefined && (
        <a class="button" href={action.href}>
          {action.label}
        </a>
      )}
      {action?.run !== undefined && (
        <button type="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
