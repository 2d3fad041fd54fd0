/** A stop of the tour: a bundled incident, and what to notice in its report. */
export interface Stop {
  readonly incident: string;
  readonly notice: string;
}

/** What `demo` shows without a name: a cause that is proven, one that is only likely, and one that cannot be seen. */
export const tour: readonly Stop[] = [
  {
    incident: 'layers',
    notice:
      'Notice: a timeout names no cause, so each connection of the pull is followed hop by hop. Token and manifest get through, the layers end at one route table: that is where to mend.',
  },
  {
    incident: 'lifecycle',
    notice:
      'Notice the word "Probably": the image is gone and a rule would remove such an image, but nothing here can see that it did. What is proven and what is only likely are never mixed.',
  },
  {
    incident: 'refused',
    notice:
      'Notice what it does not say: AWS refused one call, so no cause is guessed. Instead it names the permission to allow, and what stays open until then.',
  },
];
