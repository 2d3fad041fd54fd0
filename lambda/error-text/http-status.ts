/** The reason phrases of the statuses with which registries and what stands before them refuse. */
const phrases =
  'Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Allowed|Not Acceptable|Proxy Authentication|Request Timeout|Conflict|Gone|Precondition Failed|Unavailable For Legal|Too Many Requests|(?:Internal )?Server Error|Bad Gateway|Service |Gateway ';

/**
 * The text of a pattern that says that somebody answered with one of these HTTP statuses: Docker, containerd, Podman and the SDKs
 * each have their own words before the number, and most write the reason phrase after it.
 */
export const answered = (statuses: string): string => {
  const n = `(?:${statuses})`;
  return [
    String.raw`\b${n} \(?(?:${phrases})`,
    String.raw`(?:StatusCode|status(?: code)?|(?<!\()http code)(?: from registry)?:? ?${n}\b`,
    String.raw`(?:unexpected status|status code)[^\n]{0,300}?: ?${n}\b(?!:)`,
    String.raw`\[manifests [^\]]+\]: ?${n}\b`,
    `HTTP ${n} response`,
    // `API error (500)` and `(HTTP code 500)` are the Docker daemon's own status, not the registry's; the others pass it on.
    String.raw`(?:API error \(|\(HTTP code )(?!5)${n}\)`,
  ].join('|');
};

const anyStatus = new RegExp(answered(String.raw`[1-5]\d\d`), 'i');

/** The HTTP status that the text names: in what says so, the last number that may be one. */
export function statusIn(text: string): number | undefined {
  const said = anyStatus.exec(text)?.[0] ?? '';
  return [...said.matchAll(/(?<!\d)[1-5]\d\d(?!\d)/g)].map(([status]) => Number(status)).at(-1);
}
