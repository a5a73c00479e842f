/** A flu of the shape that tutorials have: two days from contagion to illness, five days ill, a third without signs. */
export const FLU = `
condition FLU {
  transmission_mode = proximity
  transmissibility = 1.0
  start_state = Well
  exposed_state = Caught
  meta_start_state = Seed

  state Well {
    FLU.sus = 1
    wait()
    next()
  }
  state Caught {
    FLU.sus = 0
    wait(24 * lognormal(1.9, 1.23))
    next(Silent) with prob(0.33)
    default(Ill)
  }
  state Ill {
    FLU.trans = 1
    wait(24 * lognormal(5.0, 1.5))
    next(Over)
  }
  state Silent {
    FLU.trans = 0.5
    wait(24 * lognormal(5.0, 1.5))
    next(Over)
  }
  state Over {
    FLU.trans = 0
    wait()
    next()
  }
  state Seed {
    import_exposures(FLU, 10)
    wait()
    next()
  }
}
`;
