/** One question at a time that the user must answer before something goes on; `Confirmation.svelte` shows it. */

export type Question = { text: string; action: string; answer: (yes: boolean) => void }

class Confirmation {
  question = $state.raw<Question | null>(null)

  /** Ask; a question that is still open counts as answered with no. */
  ask(text: string, action: string): Promise<boolean> {
    this.question?.answer(false)
    return new Promise((resolve) => {
      this.question = {
        text,
        action,
        answer: (yes) => {
          this.question = null
          resolve(yes)
        },
      }
    })
  }
}

export const confirmation = new Confirmation()
