/** What a registry says about an image when it is asked without credentials. */
export type RegistryAnswer =
  | { readonly status: 'found'; readonly digest: string | null; readonly mediaType: string | null }
  | { readonly status: 'not-found' }
  /** To an anonymous token: the image is private or does not exist. Docker Hub gives one answer for both. */
  | { readonly status: 'denied' }
  /** The limit of the address that asked, which is not the address the task pulls from. */
  | { readonly status: 'rate-limited' }
  | { readonly status: 'server-error'; readonly httpStatus: number }
  | NotChecked
  | NoAnswer;

/** We would not ask, or would not go where the answer led. */
export interface NotChecked {
  readonly status: 'not-checked';
  readonly because: string;
}

/** We asked, and nothing came that can be used. */
export interface NoAnswer {
  readonly status: 'no-answer';
  readonly because: string;
}

export const notChecked = (because: string): NotChecked => ({ status: 'not-checked', because });
export const noAnswer = (because: string): NoAnswer => ({ status: 'no-answer', because });
