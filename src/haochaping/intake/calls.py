"""One report of a client: as it is worked on, and as it goes to another process and back."""

from dataclasses import dataclass
from typing import NamedTuple

from haochaping.intake.handover import Asked, Told
from haochaping.intake.http import Response
from haochaping.intake.signature import Client


@dataclass(frozen=True, slots=True)
class Call:
    """The open file of the body of a report, and what its head says of the form."""

    client: Client
    body: int
    size: int
    content_type: str
    encoding: str

    def asked(self) -> Asked:
        """How it goes to another process. What the client may still send is the door's business and stays there."""
        client = self.client
        return Asked(
            *(client.id, client.key_id, client.organisation_id, client.platform, client.rights),
            *(client.reach, client.listed, client.dialect.id if client.dialect else None),
            *(self.content_type, self.encoding),
        )


class Answered(NamedTuple):
    """What a call is answered, and how many records it carried as far as it could be read."""

    response: Response
    records: int = 0

    def told(self) -> Told:
        """How it comes back, without the body."""
        response = self.response
        return Told(response.status, response.content_type, response.headers, self.records)


def answered(told: Told, body: bytes) -> Answered:
    """The answer that came back."""
    return Answered(Response(told.status, body, told.content_type, told.headers), told.records)
