namespace SlaMonitor.Host.Vault;

/// <summary>Something about the vault keeps a request from being done; the message says what and the remedy, and holds neither keys nor values.</summary>
internal abstract class VaultException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A key that is needed is not here; nothing was stored or told. Put right by whoever runs the host, and then the same request is done.</summary>
internal sealed class VaultClosedException(string message, Exception? inner = null) : VaultException(message, inner);

/// <summary>What is sealed, or a wrapped key, is not what this program wrote. Only what it belongs to is lost; a backup brings it back.</summary>
internal sealed class VaultBrokenException(string message, Exception? inner = null) : VaultException(message, inner);
