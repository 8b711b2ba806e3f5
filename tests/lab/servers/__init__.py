"""Servers of the lab that misbehave on purpose."""
