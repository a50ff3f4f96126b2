/** How large a page is drawn. Pure. */

/** Of the width that there is. */
export const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const

const MOST_PIXELS = 16 * 1024 * 1024
const MOST_SIDE = 16_384

/** The next zoom up (`by` 1) or down (-1); the same at the ends. */
export function zoomed(zoom: number, by: 1 | -1): number {
  const index = ZOOMS.findIndex((one) => one >= zoom)
  return ZOOMS[Math.max(0, index + by)] ?? zoom
}

/** Pixels of a canvas per unit of `width` and `height`: `wanted`, or as many as a canvas can have. */
export function density(width: number, height: number, wanted: number): number {
  return Math.min(wanted, Math.sqrt(MOST_PIXELS / (width * height)), MOST_SIDE / width, MOST_SIDE / height)
}
