"""Tests of values generated from schemas."""
