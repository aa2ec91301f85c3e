"""What we deliver works for those who receive it: generated types and client, the wheel."""
