using System;
using System.Security.Cryptography.X509Certificates;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Files;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// The link over M2Mqtt. Each connection has a client of its own, so that no word on an older message can reach the
/// publisher; its queue is bounded, since it is unlimited unless told.
/// </summary>
public sealed class M2MqttLink : IFrameLink
{
    private const ushort KeepAliveSeconds = 30;

    private readonly NodeConfiguration configuration;
    private readonly IFileSystem files;
    private IFrameLinkListener? listener;
    private MqttClient? client;
    private string? handlerFault;

    /// <param name="configuration">Where and as whom to connect.</param>
    /// <param name="files">Where the certificates are.</param>
    public M2MqttLink(NodeConfiguration configuration, IFileSystem files)
    {
        this.configuration = configuration;
        this.files = files;
    }

    /// <inheritdoc/>
    public bool IsConnected => client != null && client.IsConnected;

    /// <inheritdoc/>
    public void SetListener(IFrameLinkListener frameListener)
    {
        listener = frameListener;
    }

    /// <inheritdoc/>
    public bool Connect(string willTopic, string willMessage)
    {
        ThrowHandlerFault();
        Close();
        try
        {
            var next = new MqttClient(
                configuration.BrokerHost,
                configuration.BrokerPort,
                configuration.IsBrokerSecure,
                CaCertificate(),
                ClientCertificate(),
                configuration.IsBrokerSecure ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
            next.ProtocolVersion = MqttProtocolVersion.Version_3_1_1;
            next.Settings.InflightQueueSize = configuration.InFlightCount + 8;
            next.MqttMsgPublished += OnPublished;
            next.MqttMsgPublishReceived += OnReceived;
            client = next;
            MqttReasonCode answer = next.Connect(
                configuration.Node,
                configuration.BrokerUser,
                configuration.BrokerPassword,
                true,
                MqttQoSLevel.AtLeastOnce,
                true,
                willTopic,
                willMessage,
                true,
                KeepAliveSeconds);
            if (answer == MqttReasonCode.Success)
            {
                return true;
            }
        }
        catch (Exception)
        {
            // Unreachable, refused, reset: the publisher tries again with back-off, whatever the reason.
        }

        Close();
        return false;
    }

    /// <inheritdoc/>
    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        ThrowHandlerFault();
        MqttClient? open = client;
        if (open == null)
        {
            return 0;
        }

        try
        {
            return open.Publish(topic, payload, null!, null!, MqttQoSLevel.AtLeastOnce, isRetained);
        }
        catch (Exception)
        {
            // The queue is full (the id it leaves behind is never reported) or the connection is going.
            return 0;
        }
    }

    /// <inheritdoc/>
    public bool Subscribe(string topic)
    {
        MqttClient? open = client;
        if (open == null)
        {
            return false;
        }

        try
        {
            open.Subscribe(new string[] { topic }, new MqttQoSLevel[] { MqttQoSLevel.AtLeastOnce });
            return true;
        }
        catch (Exception)
        {
            // As for a message: the queue is full or the connection is going; the publisher asks again.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        MqttClient? old = client;
        client = null;
        if (old == null)
        {
            return;
        }

        old.MqttMsgPublished -= OnPublished;
        old.MqttMsgPublishReceived -= OnReceived;
        try
        {
            old.Close();
            old.Dispose();
        }
        catch (Exception)
        {
            // Closing what is already broken may fail; there is nothing left to save.
        }
    }

    /// <summary>The certificate that the broker's must be signed by; without one nobody is believed to be the broker.</summary>
    private X509Certificate? CaCertificate() =>
        configuration.IsBrokerSecure ? new X509Certificate(Pem(configuration.BrokerCaFile)) : null;

    /// <summary>The node's own certificate and key, where it does not come with user and password.</summary>
    private X509Certificate? ClientCertificate() =>
        configuration.IsBrokerSecure && configuration.BrokerClientCertificateFile.Length > 0
            ? new X509Certificate2(Pem(configuration.BrokerClientCertificateFile), Pem(configuration.BrokerClientKeyFile), "")
            : null;

    /// <summary>The text of a PEM file with the zero behind it that mbedTLS asks for.</summary>
    private byte[] Pem(string name)
    {
        byte[]? content = files.Read(name);
        if (content == null)
        {
            throw new ArgumentException("the file " + name + " cannot be read");
        }

        byte[] text = new byte[content.Length + 1];
        Array.Copy(content, 0, text, 0, content.Length);
        return text;
    }

    private void OnPublished(object sender, MqttMsgPublishedEventArgs word)
    {
        try
        {
            if (sender == client && listener != null)
            {
                listener.OnPublished(word.MessageId, word.IsPublished);
            }
        }
        catch (Exception exception)
        {
            // The client's own thread would end without a word; the publishing thread's restart is recorded.
            handlerFault = exception.GetType().FullName + ": " + exception.Message;
        }
    }

    private void ThrowHandlerFault()
    {
        string? fault = handlerFault;
        if (fault != null)
        {
            handlerFault = null;
            throw new InvalidOperationException(fault);
        }
    }

    private void OnReceived(object sender, MqttMsgPublishEventArgs message)
    {
        try
        {
            if (sender == client && listener != null)
            {
                listener.OnMessage(message.Topic, message.Message);
            }
        }
        catch (Exception exception)
        {
            handlerFault = exception.GetType().FullName + ": " + exception.Message;
        }
    }
}
