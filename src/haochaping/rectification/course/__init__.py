"""How far an order is, and what its rules say of that: read for pages and for acts alike, so that both say the same."""
