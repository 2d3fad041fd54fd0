/** A quote, also as JSON or HTML escape it. */
const quote = String.raw`(?:\\*["'’”]|&quot;|&#34;)`;
const assigned = String.raw`(${quote}?\s*(?:=|%3D|:|%3A)\s*)`;
/** What stands after a name: all of a quoted value, else up to where it must end. */
const value = String.raw`(?:(${quote})(?:(?!${quote}).)*|(?!${quote})(?:(?!%26|&quot;|\\[nrt"'])[^\s&"'<>,;}])+)`;

/** Nothing but a secret stands after these. */
const named = new RegExp(
  String.raw`(pass(?:word|wd|phrase)|\bpwd|secret_?access_?key|session_?token|identity_?token|client_?secret|registry-auth)${assigned}${value}`,
  'gi',
);
/** Error texts have these words before a colon too: `failed to fetch anonymous token: …`. */
const maybeNamed = new RegExp(
  String.raw`((?:secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|credentials?|auth|sig|signature|verify|policy|key-pair-id)(?:\s*(?:=|%3D)\s*|${quote}\s*:\s*(?=${quote})))${value}`,
  'gi',
);
const signed = /((?<![a-z])X-(?:Amz|Goog)-[\w-]+(?:=|%3D))[^\s&"'<>\\]*[^\s&"'<>\\:]/gi;
const authorization =
  /(authorization["']?\s*[:=]\s*["']?(?:(?:token|digest|apikey)\s+)?)(?=[^\s"']*\d)[\w.~+/=-]{16,}/gi;
const scheme = /\b(Bearer|Basic|Negotiate)\s+[\w.~+/=-]{8,}/gi;
const argument = /(\slogin\s.{0,200}?\s-p|\s--password)(\s+)(?!-)\S+/gi;

/** Keys and tokens that begin as their issuer has them begin: AWS, GitHub, GitLab, Docker Hub, Slack, npm. */
const keyId = /(?<=^|[^A-Za-z0-9]|%[0-9A-F]{2})(A(?:KIA|SIA|ROA|IDA))[A-Z0-9]{12,}/g;
const token =
  /(?<![\w-])(?:(?:eyJ|QVdTOmV5)[\w+/=-]{8,}(?:\.[\w-]*)*|(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[\w+/=%-]+|gh[pousr]_\w{16,}|github_pat_\w{16,}|(?:glpat|gldt|dckr_pat|dckr_oat|npm|xox[abps])[-_][\w-]{16,})/g;
/** A secret access key: 40 characters, and neither a hash nor a path that ends in an id. */
const secretKey =
  /(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*\d)(?![A-Za-z0-9+/]*[0-9a-f]{32})[A-Za-z0-9+][A-Za-z0-9+/]{39}(?![A-Za-z0-9+/=])/g;

/** A digest stands after `@` as well. */
const inUrl = /(:\/\/)[^\s/@"']{0,128}(?::[^\s@"']{0,256})?@(?!sha\d+:)(?=[\w[])/gi;
const beforeHost = /(?<![\w/.-])[\w.-]+:[^\s/:@"']+@(?!sha\d+:)(?=[\w-]+\.[a-z]{2,})/gi;
/** Cut off before the `@`. */
const cutOff = /(\w:\/\/[^\s/:@"']+:)(?!\d)[^\s/@"':]+(?:\.\.\.|…)?$/i;

/**
 * The text without what must never leave the account: signatures of pre-signed URLs, passwords, keys, tokens, credentials in
 * URLs. Amazon ECR's layer URLs carry signatures, proxies and registries have passwords, and error texts quote them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(signed, '$1***')
    .replace(authorization, '$1***')
    .replace(scheme, '$1 ***')
    .replace(argument, '$1$2***')
    .replace(named, '$1$2$3***')
    .replace(maybeNamed, '$1$2***')
    .replace(keyId, '$1***')
    .replace(token, '***')
    .replace(secretKey, '***')
    .replace(inUrl, '$1***@')
    .replace(beforeHost, '***@')
    .replace(cutOff, '$1***');
