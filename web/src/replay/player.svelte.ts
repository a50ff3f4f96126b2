/** Plays a recording: where it stands, how fast it goes, and how many of its moments have come. */
import { reached, type Timeline } from './timeline'

export const SPEEDS = [0.5, 1, 2, 5, 20]

export class Player {
  position = $state(0)
  playing = $state(false)
  speed = $state(1)

  constructor(readonly line: Timeline) {}

  /** How many moments are shown. */
  get shown(): number {
    return reached(this.line, this.position)
  }

  get ended(): boolean {
    return this.position >= this.line.length
  }

  toggle(): void {
    if (!this.playing && this.ended) this.position = 0
    this.playing = !this.playing
  }

  seek(position: number): void {
    this.position = Math.min(Math.max(position, 0), this.line.length)
  }

  /** To the moment after, or before, the one that is shown last; playing ends. */
  step(by: 1 | -1): void {
    this.playing = false
    const next = Math.min(Math.max(this.shown - 1 + by, 0), this.line.at.length - 1)
    this.seek(this.line.at[next] ?? 0)
  }

  advance(ms: number): void {
    if (!this.playing) return
    this.seek(this.position + ms * this.speed)
    if (this.ended) this.playing = false
  }

  /** Advances with the browser's frames until the returned function is called. */
  run(): () => void {
    let last = performance.now()
    let frame = requestAnimationFrame(tick)
    const player = this
    function tick(now: number): void {
      player.advance(now - last)
      last = now
      frame = requestAnimationFrame(tick)
    }
    return () => cancelAnimationFrame(frame)
  }
}
