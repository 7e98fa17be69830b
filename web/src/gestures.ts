// Mouse, fingers and keys on the map.

const DRAG_PX = 4;

/** What a reader does on the map, in pixels and degrees. */
export interface Gestures {
  drag(dx: number, dy: number): void;
  click(x: number, y: number): void;
  zoom(factor: number): void;
  turn(east: number, north: number): void;
  step(by: number): void;
  clear(): void;
  reset(): void;
}

/** Tell of what is done on a canvas by mouse, finger and keyboard. */
export function listen(canvas: HTMLCanvasElement, gestures: Gestures): void {
  const down = new Map<number, { x: number; y: number }>();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size === 1) moved = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (last === undefined) return;
    const others = [...down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const dx = event.clientX - last.x;
    const dy = event.clientY - last.y;
    moved += Math.abs(dx) + Math.abs(dy);
    const other = others[0];
    if (other !== undefined) {
      const before = Math.hypot(last.x - other.x, last.y - other.y);
      const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      if (before > 0) gestures.zoom(after / before);
    } else if (moved > DRAG_PX) gestures.drag(dx, dy);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  const end = (event: PointerEvent, picks: boolean): void => {
    const single = down.size === 1 && down.delete(event.pointerId);
    down.delete(event.pointerId);
    if (!picks || !single || moved > DRAG_PX) return;
    const box = canvas.getBoundingClientRect();
    gestures.click(event.clientX - box.left, event.clientY - box.top);
  };
  canvas.addEventListener("pointerup", (event) => end(event, true));
  canvas.addEventListener("pointercancel", (event) => end(event, false));
  canvas.addEventListener(
    "wheel",
    (event) => {
      // a page scrolls over a map; only one that was picked zooms
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      gestures.zoom(2 ** (-event.deltaY / 300));
    },
    { passive: false },
  );
  const keys: Record<string, () => void> = {
    ArrowLeft: () => gestures.turn(-10, 0),
    ArrowRight: () => gestures.turn(10, 0),
    ArrowUp: () => gestures.turn(0, 10),
    ArrowDown: () => gestures.turn(0, -10),
    "+": () => gestures.zoom(1.4),
    "=": () => gestures.zoom(1.4),
    "-": () => gestures.zoom(1 / 1.4),
    n: () => gestures.step(1),
    p: () => gestures.step(-1),
    Escape: () => gestures.clear(),
    Home: () => gestures.reset(),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!Object.hasOwn(keys, key)) return;
    event.preventDefault();
    keys[key]?.();
  });
}
