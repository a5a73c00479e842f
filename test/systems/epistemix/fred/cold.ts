/** Places where nobody meets. */
export const closed = (places: readonly string[]) =>
  places.map((place) => `place ${place} { contact_rate = 0 }`).join("\n");

/** Everybody can be caught; 5 are at first, and pass it on for the whole run. */
export const COLD = (mode: string) => `
  condition COLD {
    transmission_mode = ${mode}
    transmissibility = 1.0
    exposed_state = Caught
    start_state = Well
    meta_start_state = Bring
    state Well { COLD.sus = 1
      wait() }
    state Caught { COLD.sus = 0
      COLD.trans = 1
      wait() }
    state Bring { wait(1)
      next(Now) }
    state Now { import_exposures(COLD, 5)
      wait() }
  }`;
