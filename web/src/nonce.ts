/** The nonce that lets this page's own scripts add a style element under the content security policy. */
export const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
