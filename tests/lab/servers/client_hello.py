"""The server name of a TLS ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3)."""


def server_name(record):
    """The host name in the first record of a connection; empty if it has none or is cut short."""
    try:
        return _find(record)
    except IndexError:
        return ""


def _find(record):
    position = 5 + 4 + 2 + 32                            # record and handshake headers, version, random
    position += 1 + record[position]                     # session id
    position += 2 + _number(record, position)            # cipher suites
    position += 1 + record[position]                     # compression methods
    end = position + 2 + _number(record, position)
    position += 2
    while position < end:
        kind, length = _number(record, position), _number(record, position + 2)
        if kind == 0:                                    # server_name: list length, type, name length, name
            size = _number(record, position + 7)
            return record[position + 9:position + 9 + size].decode("ascii", "replace")
        position += 4 + length
    return ""


def _number(data, position):
    return data[position] << 8 | data[position + 1]
