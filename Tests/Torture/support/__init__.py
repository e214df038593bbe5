"""What the tortures stand on: a real server that can be ended in every way, its visitors, and a tally."""
