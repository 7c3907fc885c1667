"""Who stands behind an address, for counting failures."""

from ipaddress import IPv6Address, ip_address, ip_network

_IPV6_SUBSCRIBER_BITS = 64


def subscriber(address: str) -> str:
    """IPv4 as it is, also when it is written as IPv6; of IPv6 the network that one subscriber has, who could
    change the rest at will. What is no address stays as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_SUBSCRIBER_BITS), strict=False))
