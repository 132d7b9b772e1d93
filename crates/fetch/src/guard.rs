//! Which addresses may be connected to: those of the public internet, and what the operator allows besides.
//!
//! A feed can name any address, and so can a redirect or a name server. What lies behind the operator's own router is nobody's news.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Why an address is not public. The blocks are those of the IANA registries of special-purpose addresses (RFC 6890 and its
/// updates) that are not globally reachable, multicast, and what carries an IPv4 address inside.
const V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "an address of this network (RFC 791)"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address (RFC 1918)"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "an address shared behind a provider (RFC 6598)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address, where clouds keep their metadata (RFC 3927)"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address (RFC 1918)"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "an address for protocols (RFC 6890)"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "an address for documentation (RFC 5737)"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a relay that was given up (RFC 7526)"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address (RFC 1918)"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "an address for benchmarks (RFC 2544)"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "an address for documentation (RFC 5737)"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "an address for documentation (RFC 5737)"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
    // Azure's platform services answer on a public address from inside (metadata, DNS, health).
    (Ipv4Addr::new(168, 63, 129, 16), 32, "an address where a cloud keeps its metadata"),
];

const V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "no address at all"),
    (Ipv6Addr::LOCALHOST, 128, "a loopback address"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "a translated local address (RFC 8215)"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "an address that leads nowhere (RFC 6666)"),
    (
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0),
        23,
        "an address for protocols (RFC 2928), tunnels among them",
    ),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "an address for documentation (RFC 3849)"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "an address for documentation (RFC 9637)"),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, "an address for segment routing (RFC 9602)"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "a unique local address (RFC 4193)"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "a link-local address"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "a site-local address (RFC 3879)"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "a multicast address"),
];

/// Why an address is not of the public internet; `None` where it is.
#[must_use]
pub fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            V4.iter().find(|(block, length, _)| in_v4(address, *block, *length)).map(|(.., why)| *why)
        }
        IpAddr::V6(address) => V6
            .iter()
            .find(|(block, length, _)| in_v6(address, *block, *length))
            .map(|(.., why)| *why)
            .or_else(|| not_public(IpAddr::V4(embedded(address)?))),
    }
}

/// The IPv4 address that a packet to this IPv6 address goes to in the end: mapped (RFC 4291), compatible, translated (RFC
/// 6052) or 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let words = address.segments();
    let pair = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match words {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => Some(pair(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(pair(high, low)),
        [0, 0, 0, 0, 0xffff, 0, high, low] => Some(pair(high, low)),
        [0x2002, high, low, ..] => Some(pair(high, low)),
        _ => None,
    }
}

fn in_v4(address: Ipv4Addr, block: Ipv4Addr, length: u8) -> bool {
    let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
    (address.to_bits() & mask) == (block.to_bits() & mask)
}

fn in_v6(address: Ipv6Addr, block: Ipv6Addr, length: u8) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    (address.to_bits() & mask) == (block.to_bits() & mask)
}

/// A block of addresses that the operator allows, with a port where only that one is: `192.168.7.0/24`, `[fd00::1]:8080`,
/// `127.0.0.1:8080`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    address: IpAddr,
    length: u8,
    port: Option<u16>,
}

impl Block {
    /// Whether an address with that port is in it.
    #[must_use]
    pub fn holds(&self, address: IpAddr, port: u16) -> bool {
        let inside = match (address.to_canonical(), self.address) {
            (IpAddr::V4(address), IpAddr::V4(block)) => in_v4(address, block, self.length),
            (IpAddr::V6(address), IpAddr::V6(block)) => in_v6(address, block, self.length),
            _ => false,
        };
        inside && self.port.is_none_or(|only| only == port)
    }
}

impl FromStr for Block {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no address; expected one as 192.168.7.1, a block as 192.168.7.0/24 or an address with a port as \
                 127.0.0.1:8080 or [::1]:8080"
            )
        };
        if let Ok(with_port) = text.parse::<std::net::SocketAddr>() {
            let address = with_port.ip();
            let length = if address.is_ipv4() { 32 } else { 128 };
            return Ok(Self { address, length, port: Some(with_port.port()) });
        }
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim_matches(['[', ']']).parse().map_err(|_| wrong())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(longest);
        if length > longest {
            return Err(wrong());
        }
        Ok(Self { address, length, port: None })
    }
}

/// Which addresses may be connected to.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    allowed: Vec<Block>,
}

impl Guard {
    /// The public internet and these blocks.
    #[must_use]
    pub const fn new(allowed: Vec<Block>) -> Self {
        Self { allowed }
    }

    /// Why an address may not be connected to.
    #[must_use]
    pub fn refuses(&self, address: IpAddr, port: u16) -> Option<&'static str> {
        if self.allowed.iter().any(|block| block.holds(address, port)) {
            return None;
        }
        not_public(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("93.184.216.34", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("9.255.255.255", true),
            ("10.0.0.1", false),
            ("11.0.0.0", true),
            ("100.63.255.255", true),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("100.100.100.200", false),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("169.254.169.254", false),
            ("168.63.129.16", false),
            ("168.63.129.17", true),
            ("172.15.255.255", true),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("172.32.0.1", true),
            ("192.0.0.170", false),
            ("192.168.1.1", false),
            ("192.169.0.0", true),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("::ffff:169.254.169.254", false),
            ("::127.0.0.1", false),
            ("::ffff:0:10.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::808:808", true),
            ("64:ff9b:1::1", false),
            ("2002:7f00:1::", false),
            ("2002:808:808::1", true),
            ("2001::1", false),
            ("2001:4860:4860::8888", true),
            ("2001:db8::1", false),
            ("2606:4700::1111", true),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            let parsed: IpAddr = address.parse().expect(address);
            assert_eq!(not_public(parsed).is_none(), public, "{address}: {:?}", not_public(parsed));
        }
    }

    #[test]
    fn the_operator_may_allow_more() {
        let guard = Guard::new(
            ["192.168.7.0/24", "127.0.0.1:8080", "[fd00::1]:80", "fd12::/16"]
                .map(|block| block.parse().expect(block))
                .to_vec(),
        );
        for (address, port, allowed) in [
            ("192.168.7.9", 80, true),
            ("192.168.8.9", 80, false),
            ("127.0.0.1", 8080, true),
            ("::ffff:127.0.0.1", 8080, true),
            ("127.0.0.1", 8081, false),
            ("fd00::1", 80, true),
            ("fd00::2", 80, false),
            ("fd12::7", 9, true),
            ("8.8.8.8", 53, true),
        ] {
            let parsed: IpAddr = address.parse().expect(address);
            assert_eq!(guard.refuses(parsed, port).is_none(), allowed, "{address} {port}");
        }
        for wrong in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/x", "10.0.0.1:99999"] {
            assert!(wrong.parse::<Block>().is_err(), "{wrong}");
        }
    }
}
