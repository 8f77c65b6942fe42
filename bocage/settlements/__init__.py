"""What each farm is owed for a sale: stated, contested, frozen, paid."""
