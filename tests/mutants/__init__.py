"""How strong the check is, measured: faulty servers, and how many of them it catches."""
