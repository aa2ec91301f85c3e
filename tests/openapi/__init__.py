"""Tests of the contract: complete, consistent, readable."""
