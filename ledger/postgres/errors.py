"""What can be wrong with a ledger on a server, beside what can be with one in a file."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors as said

from ledger import errors
from ledger.places import Server


class ServerUnreachable(errors.Unusable):
    """No server answers."""

    message = "no PostgreSQL server answers at {path}: {reason}"
    hint = "check the address, and that the server is running"


class NotLetIn(errors.Unusable):
    """The server does not believe who one is."""

    message = "the server lets nobody in at {path}: {reason}"
    hint = "check the user and the password; PGPASSWORD or ~/.pgpass may hold the password"


class NoSuchDatabase(errors.Unusable):
    """The server has no such database."""

    message = "the server has no database for {path}: {reason}"
    hint = "check the name, or let the server's owner make it with createdb"


class AddressUnreadable(errors.Usage):
    """What was given as the address of a server is none."""

    message = "{path} is no address of a PostgreSQL server: {reason}"
    hint = "it is written postgresql://USER@HOST/DATABASE"


class NoRoleOfLedger(errors.Unusable):
    """The user may not use the ledger."""

    message = "{user} may not use the ledger at {path}"
    hint = "let the owner of the ledger grant the role of the network to {user}"


class SeveralNetworks(errors.Unusable):
    """The database has several networks, and nothing says which is meant."""

    exit_code = 3
    message = "{path} has several networks that you may use"
    hint = "say which with --network; natverk networks lists them"


class NetworkExists(errors.LedgerExists):
    """A network would be founded in a database that has one of that name."""

    message = "there is already a network “{name}” at {path}"
    hint = "choose another name, or another database with --ledger"


class DirectoryInCircles(errors.Unusable):
    """From one directory to the next there is no end."""

    message = "the directories lead from one to another and never to the network {network}"
    hint = "let the owner of {path} put right where natverk.elsewhere says that it is"


class MayNotFound(errors.Unusable):
    """The user may not make what a ledger needs."""

    message = "{user} may not make a ledger at {path}: {reason}"
    hint = "connect as a user who may create schemas in the database, and roles"


_LOST = (psycopg.OperationalError, psycopg.InterfaceError, said.IdleInTransactionSessionTimeout)


class RightsChanged(errors.Unusable):
    """The application may not do what it was made for."""

    message = "the server does not let natverk do its work at {path}: {reason}"
    hint = "the rights that natverk init gave were changed; the owner can give them again"


class OwnerNeeded(errors.Unusable):
    """The tables are of another version of natverk, and only their owner can change them."""

    message = "{user} may not bring the tables at {path} up to this version of natverk"
    hint = "let the owner of the ledger ask it something once with this version"


_LOCKED = (said.LockNotAvailable, said.DeadlockDetected, said.QueryCanceled)
_DISK = (said.IoError,)


def error_of(error: psycopg.Error, server: Server) -> errors.LedgerError:
    """The error of ours that says what is wrong."""
    path, reason = str(server), words(error)
    found: errors.LedgerError = errors.LedgerDamaged(path=path, reason=reason)
    if isinstance(error, said.DiskFull):
        found = errors.DiskFull(path=path)
    elif isinstance(error, _DISK):
        found = errors.DiskFailed(path=path, reason=reason)
    elif isinstance(error, _LOCKED):
        found = errors.LedgerLocked(path=path)
    elif isinstance(error, said.ReadOnlySqlTransaction):
        found = errors.LedgerReadOnly(path=path)
    elif isinstance(error, said.InsufficientPrivilege):
        found = RightsChanged(path=path, reason=reason)
    elif isinstance(error, _LOST):
        found = errors.ConnectionLost(path=path, reason=reason)
    return found


def error_of_connecting(error: psycopg.Error, server: Server) -> errors.LedgerError:
    """The error of ours that says why there is no connection: of that, libpq gives only words."""
    told, path, reason = str(error), str(server), words(error)
    if isinstance(error, psycopg.ProgrammingError):
        return AddressUnreadable(path=path, reason=reason)
    if re.search(r'database "[^"]*" does not exist', told):
        return NoSuchDatabase(path=path, reason=reason)
    if re.search("authentication failed|no password supplied|no pg_hba|role .* not exist", told):
        return NotLetIn(path=path, reason=reason)
    return ServerUnreachable(path=path, reason=reason)


def words(error: psycopg.Error) -> str:
    """What the server or libpq said, in one line and without where it was said."""
    told = error.diag.message_primary or str(error)
    first = " ".join(told.split("Multiple connection attempts")[0].splitlines()[:1])
    for before in ("FATAL: ", "failed: ", "connection is bad: ", "fe_sendauth: "):
        first = first.rpartition(before)[2]
    return first.strip()
