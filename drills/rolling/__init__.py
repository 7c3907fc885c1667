"""What runs on while something is changed under it: raters at a steady pace, and doors behind one address."""
