"""Which addresses an outgoing call may go to: those of the public internet, and what the operator allows.

Our own list instead of `ipaddress.is_global`, whose answer changes with the Python version. Sources: the special-purpose
address registries of IANA (IPv4: RFC 6890 and its updates; IPv6: RFC 4291 sets 2000::/3 apart for global unicast).
"""

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_CLOSED_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "3fff::/20"))
# IPv6 that carries an IPv4 address: where in it that stands, counted in bits from the right. It is as good as what it carries.
_CARRIERS = {
    IPv6Network("::ffff:0:0/96"): 0,  # mapped
    IPv6Network("::ffff:0:0:0/96"): 0,  # translated (RFC 2765)
    IPv6Network("::/96"): 0,  # compatible
    IPv6Network("64:ff9b::/96"): 0,  # NAT64
    IPv6Network("2002::/16"): 80,  # 6to4
}


@dataclass(frozen=True)
class Policy:
    """What the operator allows beyond the public internet."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def allows_host(self, host: str) -> bool:
        return host.lower().rstrip(".") in self.hosts

    def allows(self, address: Address) -> bool:
        return is_public(address) or self.names(address)

    def names(self, address: Address) -> bool:
        """Whether the operator's list itself names it, on whatever port. An IPv4 address may come wrapped in an IPv6 one."""
        return any(bare(address) in network for network in self.networks if network.version == bare(address).version)


@cache
def policy_of(text: str) -> Policy:
    """Hosts, addresses and networks ("10.1.0.0/16"), separated by commas or spaces."""
    hosts, networks = set(), []
    for one in re.split(r"[,\s]+", text.strip().lower()):
        try:
            networks.append(ip_network(one, strict=False))
        except ValueError:
            hosts.add(one.rstrip("."))
    return Policy(frozenset(hosts - {""}), tuple(networks))


def is_public(address: Address) -> bool:
    address = bare(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def bare(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, else the address itself. `::` and `::1` carry nothing."""
    if isinstance(address, IPv6Address) and int(address) > 1:
        for network, shift in _CARRIERS.items():
            if address in network:
                return IPv4Address(int(address) >> shift & 0xFFFF_FFFF)
    return address


def read(text: str) -> Address:
    """An address as the resolver gives it; the zone of a link-local one is dropped, it is refused anyway."""
    return ip_address(text.partition("%")[0])
