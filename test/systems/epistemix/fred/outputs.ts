/** A model that writes every kind of file that the client has an accessor for. */
export const OUTPUTS = `
variables {
  shared numeric below
  shared list seen
  shared table depth
  shared list_table pairs
  agent numeric weight
  below.output = 1
  seen.output_interval = 1
  depth.output_interval = 2
  pairs.output_interval = 0
}
network Friends { is_undirected = 1
  output_interval = 7
}
startup {
  below = -2
  depth[7] = -2.5
  pairs[1] = list(1, 2.5)
  open_csv(people.csv, "id", "sex")
  open_file(notes.txt)
  add_edge(Friends, 3, 4)
  set_weight(Friends, 3, 4, 0.25)
}
agent_startup {
  if (id() < 3) then print_csv(people.csv, id(), sex())
}
condition CLOCK {
  meta_start_state = Tick
  state Tick {
    push(seen, sim_day / 2)
    print("day", sim_day)
    print_file(notes.txt, "noted on", sim_day)
    wait(24)
    next(Tick)
  }
}
condition COLD {
  transmission_mode = proximity
  transmissibility = 1.0
  exposed_state = Caught
  start_state = Well
  meta_start_state = Bring
  state Well { COLD.sus = 1
    wait() }
  state Caught { COLD.sus = 0
    wait(48)
    next(Over) }
  state Over { wait() }
  state Bring { wait(0)
    import_exposures(COLD, 5)
    next(Done) }
  state Done { wait() }
}
`;

/** A model that goes on until it is stopped: everybody is due every hour for a hundred years. */
export const ENDLESS = `
simulation {
  locations = Jefferson_County_PA
  start_date = 2020-Jan-01
  end_date = 2119-Dec-31
}
condition BUSY {
  start_state = On
  state On { wait(1)
    next(On) }
}
`;
