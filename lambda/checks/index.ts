import type { Check } from '../model/check.ts';
import containerRuntimeFailed from './container-runtime-failed.ts';
import corruptLayer from './corrupt-layer.ts';
import customDnsServers from './custom-dns-servers.ts';
import dnsFirewallBlocksRegistry from './dns-firewall-blocks-registry.ts';
import endpointMissing from './endpoint-missing.ts';
import endpointNotAvailable from './endpoint-not-available.ts';
import endpointPolicyDeniesPull from './endpoint-policy-denies-pull.ts';
import endpointPrivateDnsOff from './endpoint-private-dns-off.ts';
import endpointSecurityGroupClosed from './endpoint-security-group-closed.ts';
import executionRoleCannotPull from './execution-role-cannot-pull.ts';
import executionRoleMissing from './execution-role-missing.ts';
import executionRoleNotAssumable from './execution-role-not-assumable.ts';
import externalImageNotFound from './external-image-not-found.ts';
import imageArchived from './image-archived.ts';
import imageEncryptionKeyUnusable from './image-encryption-key-unusable.ts';
import imageExpiredByLifecyclePolicy from './image-expired-by-lifecycle-policy.ts';
import imageNotFound from './image-not-found.ts';
import internetAccessBlocked from './internet-access-blocked.ts';
import internetGatewayDetached from './internet-gateway-detached.ts';
import invalidImageReference from './invalid-image-reference.ts';
import ipv6OnlySubnet from './ipv6-only-subnet.ts';
import natGatewayUnusable from './nat-gateway-unusable.ts';
import natInstanceUnusable from './nat-instance-unusable.ts';
import networkAclBlocksRegistry from './network-acl-blocks-registry.ts';
import noRouteToRegistry from './no-route-to-registry.ts';
import noSpaceLeft from './no-space-left.ts';
import organizationPolicyDeniesPull from './organization-policy-denies-pull.ts';
import pinnedDigestGone from './pinned-digest-gone.ts';
import platformMismatch from './platform-mismatch.ts';
import privateZoneShadowsRegistry from './private-zone-shadows-registry.ts';
import proxyBlocksRegistry from './proxy-blocks-registry.ts';
import publicIpMissing from './public-ip-missing.ts';
import pullThroughCacheCannotImport from './pull-through-cache-cannot-import.ts';
import pullTimedOut from './pull-timed-out.ts';
import registryCertificateUntrusted from './registry-certificate-untrusted.ts';
import registryCredentialsUnusable from './registry-credentials-unusable.ts';
import registryForbidsPull from './registry-forbids-pull.ts';
import registryHostUnknown from './registry-host-unknown.ts';
import registryPolicyDeniesPull from './registry-policy-denies-pull.ts';
import registryRateLimit from './registry-rate-limit.ts';
import registryTokenExpired from './registry-token-expired.ts';
import registryUnavailable from './registry-unavailable.ts';
import repositoryNotFound from './repository-not-found.ts';
import repositoryPolicyDeniesPull from './repository-policy-denies-pull.ts';
import s3EndpointNotRouted from './s3-endpoint-not-routed.ts';
import secretUnreadable from './secret-unreadable.ts';
import taskSecurityGroupClosed from './task-security-group-closed.ts';
import unsupportedImageFormat from './unsupported-image-format.ts';
import vpcDnsDisabled from './vpc-dns-disabled.ts';

/** Every check: reference and image, authorisation, network in the order in which a packet meets it, disk, registry. */
export const checks: readonly Check[] = [
  invalidImageReference,
  registryHostUnknown,
  repositoryNotFound,
  imageExpiredByLifecyclePolicy,
  pinnedDigestGone,
  imageArchived,
  imageNotFound,
  platformMismatch,
  unsupportedImageFormat,
  externalImageNotFound,
  pullThroughCacheCannotImport,

  executionRoleMissing,
  executionRoleNotAssumable,
  executionRoleCannotPull,
  organizationPolicyDeniesPull,
  repositoryPolicyDeniesPull,
  registryPolicyDeniesPull,
  registryCredentialsUnusable,
  secretUnreadable,
  registryTokenExpired,
  imageEncryptionKeyUnusable,

  ipv6OnlySubnet,
  vpcDnsDisabled,
  customDnsServers,
  privateZoneShadowsRegistry,
  dnsFirewallBlocksRegistry,
  endpointPrivateDnsOff,
  taskSecurityGroupClosed,
  networkAclBlocksRegistry,
  noRouteToRegistry,
  endpointMissing,
  s3EndpointNotRouted,
  natGatewayUnusable,
  natInstanceUnusable,
  internetGatewayDetached,
  internetAccessBlocked,
  publicIpMissing,
  endpointNotAvailable,
  endpointSecurityGroupClosed,
  endpointPolicyDeniesPull,

  containerRuntimeFailed,
  noSpaceLeft,
  registryRateLimit,
  registryForbidsPull,
  registryUnavailable,
  registryCertificateUntrusted,
  proxyBlocksRegistry,
  pullTimedOut,
  corruptLayer,
];
