"""Recorded traffic: exchanges of other clients with a server, checked without sending anything."""
