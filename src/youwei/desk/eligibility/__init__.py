"""The question of eligibility: whether a person may be promoted, used again, rewarded on a day, with every rule behind the answer."""
