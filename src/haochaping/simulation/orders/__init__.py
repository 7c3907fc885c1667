"""What follows bad ratings in a simulated city: done through the operations of the rooms, by invented officials, in the
order in which it happens."""
