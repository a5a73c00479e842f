/** Something that is drawn: asked for as often as one likes, done at most once a frame and only while it is in sight. */
export interface Drawing {
  /** Draws in the next frame, or, when it is out of sight, as soon as it comes into sight. */
  ask(): void;
  end(): void;
}

/** Calls `draw` as {@link Drawing} says, for as long as `element` is there. */
export function drawInSight(element: HTMLElement, draw: () => void): Drawing {
  let inSight = true;
  let asked = false;
  let frame: number | undefined;
  function request(): void {
    if (!asked || !inSight || frame !== undefined) return;
    frame = requestAnimationFrame(() => {
      frame = undefined;
      asked = false;
      draw();
    });
  }
  const observer = new IntersectionObserver((entries) => {
    inSight = entries.at(-1)!.isIntersecting;
    request();
  });
  observer.observe(element);
  return {
    ask() {
      asked = true;
      request();
    },
    end() {
      observer.disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
