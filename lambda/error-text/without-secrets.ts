/**
 * The text without what must never leave the account: signatures of pre-signed URLs, tokens, credentials in URLs. Amazon ECR's
 * layer URLs carry such signatures, and error texts quote them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(
      /([?&]|%3F|%26|\b)(X-Amz-[\w-]+|Signature|AWSAccessKeyId|Key-Pair-Id|Policy|token|access_token|sig)(=|%3D)[^\s&"'<>]+/gi,
      '$1$2$3***',
    )
    .replace(/\b(Bearer|Basic|Negotiate)\s+[\w.~+/=-]{8,}/gi, '$1 ***')
    .replace(/\b(A(?:KIA|SIA|ROA|IDA))[A-Z0-9]{12,}/g, '$1***')
    .replace(/(https?:\/\/)[^\s/@"']+:[^\s/@"']+@/gi, '$1***@')
    .replace(/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, '***');
