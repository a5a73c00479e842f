/** A flu of the shape that tutorials have, with its probabilities as variables that can be changed. */
export const FLU = `# A seasonal flu. Change a probability and run it again.

simulation {
  start_date = 2020-01-01
  end_date = 2020-05-01
  locations = Jefferson_County_PA
}

variables {
  shared numeric silent_share
  silent_share = 0.33
  shared numeric seeds
  seeds = 10
}

condition INFLUENZA {
  transmission_mode = proximity
  transmissibility = 1.0
  start_state = Susceptible
  exposed_state = Exposed
  meta_start_state = Import

  state Susceptible {
    INFLUENZA.sus = 1
    wait()
    next()
  }

  # About two days from contagion to illness.
  state Exposed {
    INFLUENZA.sus = 0
    wait(24 * lognormal(1.9, 1.23))
    next(Silent) with prob(silent_share)
    default(Ill)
  }

  state Ill {
    INFLUENZA.trans = 1
    wait(24 * lognormal(5.0, 1.5))
    next(Recovered)
  }

  # No signs, and half as infectious.
  state Silent {
    INFLUENZA.trans = 0.5
    wait(24 * lognormal(5.0, 1.5))
    next(Recovered)
  }

  state Recovered {
    INFLUENZA.trans = 0
    wait()
    next()
  }

  # Who brings the flu into the county on the first day.
  state Import {
    import_exposures(INFLUENZA, seeds)
    wait()
    next()
  }
}
`;
